use yew::prelude::*;

/// A placeholder for a page that is loading.
#[component]
pub(crate) fn Loading() -> Html {
    html! {
        <div class="skeleton" role="status" data-testid="loading">
            <p class="visually-hidden">{"Loading…"}</p>
            <div class="bar title"></div>
            <div class="bar"></div>
            <div class="bar block"></div>
        </div>
    }
}
