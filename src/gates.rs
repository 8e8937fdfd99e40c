//! Views that show or hide by the session's status. For the eye alone: the API decides what anybody may see.

use leptos::{children::ViewFn, prelude::*};

use crate::{SessionStatus, use_session};

/// Shows its children while somebody is signed in.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::SignedIn;
///
/// #[component]
/// fn Header() -> impl IntoView {
///     view! { <SignedIn fallback=|| "Please sign in">"Welcome back"</SignedIn> }
/// }
/// ```
#[component]
pub fn SignedIn(
    /// What to show otherwise; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What to show while somebody is signed in.
    children: ChildrenFn,
) -> impl IntoView {
    gate(|status| status == SessionStatus::Authenticated, children, fallback)
}

/// Shows its children once it is certain that nobody is signed in: not while it is being found out, and not while
/// the backend does not answer.
#[component]
pub fn SignedOut(
    /// What to show otherwise; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What to show while nobody is signed in.
    children: ChildrenFn,
) -> impl IntoView {
    gate(|status| matches!(status, SessionStatus::Unauthenticated { .. }), children, fallback)
}

/// Shows its children while it is being found out whether there is a session.
#[component]
pub fn SessionLoading(
    /// What to show while it is being found out.
    children: ChildrenFn,
) -> impl IntoView {
    gate(|status| status == SessionStatus::Loading, children, ViewFn::default())
}

/// The children are built once per change of the condition, whatever else changes of the session.
fn gate(open: fn(SessionStatus) -> bool, children: ChildrenFn, fallback: ViewFn) -> impl IntoView {
    let status = use_session().status();
    let is_open = Memo::new(move |_| open(status.get()));
    move || if is_open.get() { children() } else { fallback.run() }
}
