use yew::prelude::*;

use super::Button;

#[derive(Properties, PartialEq)]
pub(crate) struct LoadErrorProps {
    /// The `data-testid`.
    pub(crate) id: &'static str,
    /// That of the button.
    #[prop_or_default]
    pub(crate) retry_id: Option<AttrValue>,
    pub(crate) message: &'static str,
    pub(crate) error: AttrValue,
    pub(crate) retry: Callback<MouseEvent>,
}

/// Says that the data of a page could not be loaded.
#[component]
pub(crate) fn LoadError(props: &LoadErrorProps) -> Html {
    let LoadErrorProps { id, retry_id, message, error, retry } = props;
    html! {
        <div class="card" data-testid={*id}>
            <p role="alert"><strong>{message}{" "}</strong>{error}</p>
            <Button class="primary" id={retry_id.clone()} onclick={retry}>{"Try again"}</Button>
        </div>
    }
}
