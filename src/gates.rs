//! Gates show or hide a view by the session's status and claims. They only control display: the API enforces access.

use leptos::{children::ViewFn, prelude::*};
use supertokens_session::claims::Require;

use crate::{SessionStatus, reactive::dynamic_for_user, use_session};

/// Shows its children while a user is signed in and fulfils the requirement.
///
/// | status | shows |
/// |---|---|
/// | [`Loading`](SessionStatus::Loading) | `loading` |
/// | [`Unreachable`](SessionStatus::Unreachable): the server has not responded since the page was opened | `loading` |
/// | signed in, and the requirement is fulfilled | the children |
/// | signed in, and it is not fulfilled; signed out | `fallback` |
///
/// If the server becomes unreachable later, the gate does not change. When another user signs in over the first, the
/// gate builds the children and the fallback again. A refresh or a new payload of the same user builds nothing.
///
/// It fetches no claims, like [`Session::allows`](crate::Session::allows). It only controls display: your API enforces
/// access.
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
    /// The requirement, as a value or a signal. Without it, a session is enough.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// Shown to a user who is signed out or does not fulfil the requirement. Empty by default.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Shown until the session is known. Empty by default.
    #[prop(optional, into)]
    loading: ViewFn,
    /// Shown to a signed-in user who fulfils the requirement.
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

/// Shows its children when no user is signed in. While the session is loading, and while the server has not responded
/// since the page was opened, it shows `loading`.
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
    /// Shown while a user is signed in. Empty by default.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Shown until the session is known. Empty by default.
    #[prop(optional, into)]
    loading: ViewFn,
    /// Shown while no user is signed in.
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

/// Shows its children while the session is loading.
#[component]
pub fn SessionLoading(
    /// Shown while the session is loading.
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    let view = move || match session.status().get() {
        SessionStatus::Loading => children(),
        _ => ().into_any(),
    };
    dynamic_for_user(session, Box::new(view))
}

/// Shows `view`, which gets whether the session fulfils the requirement.
fn gate(require: Signal<Require>, view: Box<dyn Fn(Option<bool>) -> AnyView + Send>) -> AnyView {
    let session = use_session();
    let allows = session.allows(require);
    dynamic_for_user(session, Box::new(move || view(allows.get())))
}
