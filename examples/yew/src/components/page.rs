use web_sys::window;
use yew::prelude::*;

use crate::hooks::use_heading;

#[derive(Properties, PartialEq)]
pub(crate) struct PageProps {
    pub(crate) title: AttrValue,
    /// The `data-testid`.
    pub(crate) id: AttrValue,
    #[prop_or_default]
    pub(crate) is_narrow: bool,
    pub(crate) children: Html,
}

/// A page with a title, which is also the title of the document, and content.
#[component]
pub(crate) fn Page(props: &PageProps) -> Html {
    let PageProps { title, id, is_narrow, children } = props;
    let heading = use_heading();
    use_effect_with(title.clone(), |title| {
        if let Some(document) = window().and_then(|window| window.document()) {
            document.set_title(&format!("{title} – supertokens-yew example"));
        }
    });
    html! {
        <div class={classes!("page", is_narrow.then_some("narrow"))} data-testid={id}>
            <h1 tabindex="-1" ref={heading}>{title}</h1>
            {children.clone()}
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SectionProps {
    pub(crate) title: AttrValue,
    /// The `data-testid`.
    pub(crate) id: AttrValue,
    pub(crate) children: Html,
}

/// A nested page with its own heading.
#[component]
pub(crate) fn Section(props: &SectionProps) -> Html {
    let SectionProps { title, id, children } = props;
    let heading = use_heading();
    html! {
        <section class="card roomy" data-testid={id} aria-label={title}>
            <h2 tabindex="-1" ref={heading}>{title}</h2>
            {children.clone()}
        </section>
    }
}
