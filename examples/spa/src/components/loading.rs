use leptos::prelude::*;

/// The place of a page that is not there yet.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! {
        <div class="skeleton" role="status" data-testid="loading">
            <p class="visually-hidden">"Loading…"</p>
            <div class="bar title"></div>
            <div class="bar"></div>
            <div class="bar block"></div>
        </div>
    }
}
