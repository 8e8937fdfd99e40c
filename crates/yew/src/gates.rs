//! Gates show or hide a view by the session's status and claims. They only control display: the API enforces access.

use supertokens_session::claims::Require;
use yew::prelude::*;

use crate::{
    SessionStatus,
    for_user::for_user,
    hooks::{use_allows, use_session_status, use_user_id},
};

/// The props of [`SignedIn`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SignedInProps {
    /// The requirement. Without it, a session is enough.
    #[prop_or_default]
    pub require: Require,
    /// Shown to a user who is signed out or does not fulfil the requirement. Empty by default.
    #[prop_or_default]
    pub fallback: Html,
    /// Shown until the session is known. Empty by default.
    #[prop_or_default]
    pub loading: Html,
    /// Shown to a signed-in user who fulfils the requirement.
    #[prop_or_default]
    pub children: Html,
}

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
/// It fetches no claims, like [`use_allows`]. It only controls display: your API enforces access.
///
/// ```
/// use supertokens_yew::{Require, SignedIn};
/// use yew::prelude::*;
///
/// #[component]
/// fn Header() -> Html {
///     html! {
///         <>
///             <SignedIn fallback={html! { "Please sign in" }} loading={html! { "One moment" }}>{"Welcome back"}</SignedIn>
///             <SignedIn require={Require::role("admin")}><a href="/admin">{"Administration"}</a></SignedIn>
///         </>
///     }
/// }
/// ```
#[component]
pub fn SignedIn(props: &SignedInProps) -> Html {
    let SignedInProps { require, fallback, loading, children } = props.clone();
    let user = use_user_id();
    let view = match use_allows(require) {
        Some(true) => children,
        Some(false) => fallback,
        None => loading,
    };
    for_user(user, view)
}

/// The props of [`SignedOut`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SignedOutProps {
    /// Shown while a user is signed in. Empty by default.
    #[prop_or_default]
    pub fallback: Html,
    /// Shown until the session is known. Empty by default.
    #[prop_or_default]
    pub loading: Html,
    /// Shown while no user is signed in.
    #[prop_or_default]
    pub children: Html,
}

/// Shows its children when no user is signed in. While the session is loading, and while the server has not responded
/// since the page was opened, it shows `loading`.
///
/// ```
/// use supertokens_yew::SignedOut;
/// use yew::prelude::*;
///
/// #[component]
/// fn Header() -> Html {
///     html! { <SignedOut fallback={html! { "Welcome back" }}>{"Please sign in"}</SignedOut> }
/// }
/// ```
#[component]
pub fn SignedOut(props: &SignedOutProps) -> Html {
    let SignedOutProps { fallback, loading, children } = props.clone();
    html! { <SignedIn fallback={children} {loading}>{fallback}</SignedIn> }
}

/// The props of [`SessionLoading`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SessionLoadingProps {
    /// Shown while the session is loading.
    #[prop_or_default]
    pub children: Html,
}

/// Shows its children while the session is loading.
#[component]
pub fn SessionLoading(props: &SessionLoadingProps) -> Html {
    match use_session_status() {
        SessionStatus::Loading => props.children.clone(),
        _ => Html::default(),
    }
}
