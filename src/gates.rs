//! Views that show or hide by the session's status and claims. They only control display: the API enforces access.

use leptos::{children::ViewFn, prelude::*};
use supertokens_session::claims::Require;

use crate::{SessionStatus, reactive::dynamic_for_user, use_session};

/// Shows its children while a user is signed in and fulfils what is required.
///
/// | status | shows |
/// |---|---|
/// | [`Loading`](SessionStatus::Loading) | `loading` |
/// | [`Unreachable`](SessionStatus::Unreachable): the server never answered since the page was opened | `loading` |
/// | signed in, and the requirement is fulfilled | the children |
/// | signed in, and it is not fulfilled; signed out | `fallback` |
///
/// A server that stops answering later changes nothing of what is shown. When another user signs in over the first,
/// the children and the fallback are built anew; a refresh or a new payload of the same user builds nothing.
///
/// It only controls display: your API enforces access. It takes the claims as they are, as
/// [`Session::allows`](crate::Session::allows) does.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{Require, SignedIn};
///
/// #[component]
/// fn Header() -> impl IntoView {
///     view! {
///         <SignedIn fallback=|| "Please sign in" loading=|| "One moment">"Welcome back"</SignedIn>
///         <SignedIn require=Require::role("admin")><a href="/admin">"Administration"</a></SignedIn>
///     }
/// }
/// ```
#[component]
pub fn SignedIn(
    /// What the session must fulfil, as a value or a signal; nothing but a session unless set.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// What to show to a user who is signed out or does not fulfil it; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What to show until the session is known; nothing unless set.
    #[prop(optional, into)]
    loading: ViewFn,
    /// What to show to a signed-in user who fulfils it.
    children: ChildrenFn,
) -> impl IntoView {
    gate(
        require,
        Box::new(move |allows| match allows {
            Some(true) => children(),
            Some(false) => fallback.run(),
            None => loading.run(),
        }),
    )
}

/// Shows its children once it is certain that no user is signed in: not while the session is loading, and not while
/// the server does not answer.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::SignedOut;
///
/// #[component]
/// fn Header() -> impl IntoView {
///     view! { <SignedOut fallback=|| "Welcome back" loading=|| "One moment">"Please sign in"</SignedOut> }
/// }
/// ```
#[component]
pub fn SignedOut(
    /// What to show while a user is signed in; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What to show until the session is known; nothing unless set.
    #[prop(optional, into)]
    loading: ViewFn,
    /// What to show while no user is signed in.
    children: ChildrenFn,
) -> impl IntoView {
    gate(
        Require::session().into(),
        Box::new(move |is_signed_in| match is_signed_in {
            Some(true) => fallback.run(),
            Some(false) => children(),
            None => loading.run(),
        }),
    )
}

/// Shows its children while it is not known whether there is a session.
#[component]
pub fn SessionLoading(
    /// What to show until the session is known.
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    let view = move || match session.status().get() {
        SessionStatus::Loading => children(),
        _ => ().into_any(),
    };
    dynamic_for_user(session, Box::new(view))
}

/// Shows what `view` makes of whether the session fulfils the requirement.
fn gate(require: Signal<Require>, view: Box<dyn Fn(Option<bool>) -> AnyView + Send>) -> AnyView {
    let session = use_session();
    let allows = session.allows(require);
    dynamic_for_user(session, Box::new(move || view(allows.get())))
}
