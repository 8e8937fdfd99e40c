use leptos::prelude::*;
use supertokens_leptos::{SessionStatus, UnauthenticatedReason, claims::roles, use_claim_value, use_session};

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
        if before.is_some_and(|before| before != now && before != SessionStatus::Loading) {
            announce.announce(status_message(now));
        }
        now
    });
    let roles = use_claim_value(roles());
    Effect::new(move |before: Option<Option<Vec<String>>>| {
        let now = roles.get();
        if let (Some(Some(before)), Some(now)) = (before, &now)
            && before != *now
        {
            announce.announce(format!("Your roles are now: {}.", now.join(", ")));
        }
        now
    });
    view! { <p class="visually-hidden" role="status" data-testid="announcer">{announce.0}</p> }
}

fn status_message(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Authenticated => "Signed in",
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked } => "Session ended",
        SessionStatus::Unauthenticated { .. } => "Signed out",
        // The view in place of the page has its own live region.
        SessionStatus::Loading | SessionStatus::Unreachable => "",
    }
}
