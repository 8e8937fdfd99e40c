//! Views that show or hide by the session's status and claims. For the eye alone: the API decides what anybody may
//! see.

use leptos::{children::ViewFn, prelude::*};
use supertokens_session::claims::Require;

use crate::{SessionStatus, use_session};

/// Shows its children while somebody is signed in, and fulfils what is required.
///
/// It hides for the eye alone: what nobody may read, the API must not send. It takes the claims as they are, as
/// [`Session::allows`](crate::Session::allows) does.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{Require, SignedIn};
///
/// #[component]
/// fn Header() -> impl IntoView {
///     view! {
///         <SignedIn fallback=|| "Please sign in">"Welcome back"</SignedIn>
///         <SignedIn require=Require::role("admin")><a href="/admin">"Administration"</a></SignedIn>
///     }
/// }
/// ```
#[component]
pub fn SignedIn(
    /// What the session must fulfil, as a value or a signal; nothing but a session unless set.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// What to show otherwise; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What to show while somebody is signed in who fulfils it.
    children: ChildrenFn,
) -> impl IntoView {
    let allows = use_session().allows(require);
    move || if allows.get() == Some(true) { children() } else { fallback.run() }
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
