use leptos::prelude::*;
use supertokens_leptos::{SessionStatus, UnauthenticatedReason, claims::roles, use_claim_value, use_session};

/// Says things to screen readers, from wherever they happen.
#[derive(Clone, Copy)]
pub(crate) struct Announce(RwSignal<String>);

impl Announce {
    pub(crate) fn new() -> Self {
        Self(RwSignal::default())
    }

    pub(crate) fn say(self, news: impl Into<String>) {
        self.0.set(news.into());
    }
}

/// Tells screen readers what is news, and by itself when somebody was signed in or out or has got other roles. What
/// was so from the start needs no word.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let announce: Announce = expect_context();
    let status = use_session().status();
    Effect::new(move |before: Option<SessionStatus>| {
        let now = status.get();
        if before.is_some_and(|before| before != now && before != SessionStatus::Loading) {
            announce.say(news_of(now));
        }
        now
    });
    let roles = use_claim_value(roles());
    Effect::new(move |before: Option<Option<Vec<String>>>| {
        let now = roles.get();
        if let (Some(Some(before)), Some(now)) = (before, &now)
            && before != *now
        {
            announce.say(format!("Your roles are now: {}.", now.join(", ")));
        }
        now
    });
    view! { <p class="visually-hidden" role="status" data-testid="announcer">{announce.0}</p> }
}

fn news_of(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Authenticated => "Signed in",
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked } => "Session ended",
        SessionStatus::Unauthenticated { .. } => "Signed out",
        // The view in place of the page speaks for itself.
        SessionStatus::Loading | SessionStatus::Unreachable => "",
    }
}
