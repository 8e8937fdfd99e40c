use example_shared::text::sentence;
use leptos::prelude::*;
use supertokens_leptos::use_session;

use super::Page;

/// Shown in place of a guarded page while the server does not respond.
#[component]
pub(crate) fn Unreachable() -> impl IntoView {
    let session = use_session();
    let is_trying = RwSignal::new(false);
    // Each failed attempt notifies, even with the same error.
    Effect::new(move |_| {
        session.error().track();
        is_trying.set(false);
    });
    let retry = move |_| {
        is_trying.set(true);
        session.recheck();
    };
    view! {
        <Page title="No connection" testid="unreachable" is_narrow=true>
            <div class="card" role="alert">
                <p>
                    <strong>"The server is not responding."</strong>
                    " You may still be signed in."
                </p>
                <p class="muted">{move || session.error().get().map(|error| sentence(&error.to_string()))}</p>
            </div>
            <button
                type="button"
                class="button primary"
                data-testid="retry"
                aria-disabled=move || is_trying.get().to_string()
                on:click=retry
            >
                {move || if is_trying.get() { "Trying…" } else { "Try again" }}
            </button>
        </Page>
    }
}
