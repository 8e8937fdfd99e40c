use leptos::prelude::*;
use supertokens_leptos::{SessionStatus, UnauthenticatedReason, use_session};

/// Tells screen readers when somebody was signed in or out. What was so from the start needs no word.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let status = use_session().status();
    let (news, set_news) = signal("");
    Effect::new(move |before: Option<SessionStatus>| {
        let now = status.get();
        if before.is_some_and(|before| before != now && before != SessionStatus::Loading) {
            set_news.set(news_of(now));
        }
        now
    });
    view! { <p class="visually-hidden" role="status">{news}</p> }
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
