use leptos::prelude::*;

/// Says that the data of a page could not be loaded.
#[component]
pub(crate) fn LoadError(
    /// The `data-testid`.
    testid: &'static str,
    message: &'static str,
    error: String,
    retry: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="card" data-testid=testid>
            <p role="alert"><strong>{message}" "</strong>{error}</p>
            <button type="button" class="button primary" on:click=move |_| retry()>"Try again"</button>
        </div>
    }
}
