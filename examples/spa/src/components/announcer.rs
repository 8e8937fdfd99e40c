use example_shared::text::{roles_announcement, status_announcement};
use leptos::prelude::*;
use supertokens_leptos::{SessionStatus, claims::roles, use_claim_value, use_session};

/// Announces messages to screen readers from any component.
#[derive(Clone, Copy)]
pub(crate) struct Announce(RwSignal<String>);

impl Announce {
    pub(crate) fn new() -> Self {
        Self(RwSignal::default())
    }

    pub(crate) fn announce(self, message: impl Into<String>) {
        self.0.set(message.into());
    }
}

/// The live region of [`Announce`]. It also announces each change of the status and of the user's roles after the
/// start.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let announce: Announce = expect_context();
    let status = use_session().status();
    Effect::new(move |before: Option<SessionStatus>| {
        let now = status.get();
        if let Some(message) = before.and_then(|before| status_announcement(before, now)) {
            announce.announce(message);
        }
        now
    });
    let roles = use_claim_value(roles());
    Effect::new(move |before: Option<Option<Vec<String>>>| {
        let now = roles.get();
        if let Some(message) = roles_announcement(before.flatten().as_deref(), now.as_deref()) {
            announce.announce(message);
        }
        now
    });
    view! { <p class="visually-hidden" role="status" data-testid="announcer">{announce.0}</p> }
}
