use leptos::prelude::*;
use supertokens_leptos::{SessionError, use_session};

use crate::text::sentence;

/// A note above the content.
#[component]
pub(crate) fn Notice(testid: &'static str, children: Children) -> impl IntoView {
    view! { <p class="notice" data-testid=testid>{children()}</p> }
}

/// Shows the error of a sign-out that did not reach the server, until the user dismisses it.
#[component]
pub(crate) fn SignOutError() -> impl IntoView {
    let error = use_session().error();
    let sign_out_error = RwSignal::new(None);
    Effect::new(move |_| {
        sign_out_error.set(match error.get() {
            Some(error @ (SessionError::NotRevoked { .. } | SessionError::General { .. })) => Some(error),
            _ => None,
        });
    });
    move || {
        sign_out_error.get().map(|error| {
            view! {
                <div class="notice wide bad" role="alert" data-testid="sign-out-trouble">
                    <p>{sentence(&error.to_string())}</p>
                    <button type="button" class="button" on:click=move |_| sign_out_error.set(None)>"Dismiss"</button>
                </div>
            }
        })
    }
}
