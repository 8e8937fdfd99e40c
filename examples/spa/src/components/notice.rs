use leptos::prelude::*;
use supertokens_leptos::{SessionError, use_session};

use crate::text::sentence;

/// A remark above the content.
#[component]
pub(crate) fn Notice(testid: &'static str, children: Children) -> impl IntoView {
    view! { <p class="notice" data-testid=testid>{children()}</p> }
}

/// Says so when the server could not be told of a sign-out, until it is dismissed.
#[component]
pub(crate) fn SignOutTrouble() -> impl IntoView {
    let error = use_session().error();
    let trouble = RwSignal::new(None);
    Effect::new(move |_| {
        trouble.set(match error.get() {
            Some(error @ (SessionError::NotRevoked { .. } | SessionError::General { .. })) => Some(error),
            _ => None,
        });
    });
    move || {
        trouble.get().map(|error| {
            view! {
                <div class="notice wide bad" role="alert" data-testid="sign-out-trouble">
                    <p>{sentence(&error.to_string())}</p>
                    <button type="button" class="button" on:click=move |_| trouble.set(None)>"Dismiss"</button>
                </div>
            }
        })
    }
}
