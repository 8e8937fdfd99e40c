use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ButtonProps {
    /// The `data-testid`.
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Submits the form around it.
    #[prop_or_default]
    pub(crate) is_submit: bool,
    /// A button of a task that is running says so, and stays focused.
    #[prop_or_default]
    pub(crate) is_busy: Option<bool>,
    /// Read by screen readers in place of the content.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) described_by: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) onclick: Callback<MouseEvent>,
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Button(props: &ButtonProps) -> Html {
    html! {
        <button
            type={if props.is_submit { "submit" } else { "button" }}
            class={classes!("button", props.class.clone())}
            data-testid={props.id.clone()}
            aria-label={props.label.clone()}
            aria-describedby={props.described_by.clone()}
            aria-disabled={props.is_busy.map(|is_busy| is_busy.to_string())}
            onclick={props.onclick.clone()}
        >
            {props.children.clone()}
        </button>
    }
}
