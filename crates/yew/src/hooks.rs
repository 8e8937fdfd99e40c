//! Hooks that read the session. Each renders its component again only when the value has changed.

use std::{cell::RefCell, rc::Rc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;
use supertokens_session::{
    FrontToken, FrontTokenError, SessionError, SessionEvent,
    claims::{Denied, Require},
};
use supertokens_ui::{ClaimValue, Decision, RequirementCheck, SessionStatus, Snapshot};
use yew::prelude::*;

use crate::session::{Session, use_session};

/// Whether a user is signed in.
///
/// # Panics
/// Outside a [`SessionProvider`](crate::SessionProvider), like all hooks of this crate.
#[doc(alias = "doesSessionExist")]
#[hook]
pub fn use_session_status() -> SessionStatus {
    use_value(|snapshot| snapshot.status)
}

/// The signed-in user's id.
#[doc(alias = "getUserId")]
#[hook]
pub fn use_user_id() -> Option<String> {
    let session = use_session();
    use_selected(&session, Session::user_id)
}

/// When the access token expires, since the Unix epoch, by the server's clock. The session continues after that: the
/// next request refreshes it.
#[hook]
pub fn use_expires_at() -> Option<Duration> {
    use_value(|snapshot| Some(snapshot.front_token.as_ref()?.expires_at()))
}

/// The decoded front token.
#[hook]
pub fn use_front_token() -> Option<FrontToken> {
    use_value(|snapshot| snapshot.front_token.clone())
}

/// The access token's payload as JSON.
#[hook]
pub fn use_raw_payload() -> Option<Value> {
    use_value(|snapshot| Some(snapshot.front_token.as_ref()?.payload().clone()))
}

/// The access token's payload as a type of the app. `None` without a session, or if the payload does not deserialize.
/// [`use_try_payload`] distinguishes the two. A debug build warns once about the second.
///
/// ```
/// use supertokens_yew::use_payload;
/// use yew::prelude::*;
///
/// #[derive(Clone, PartialEq, serde::Deserialize)]
/// struct Profile {
///     plan: String,
/// }
///
/// #[component]
/// fn Plan() -> Html {
///     let profile = use_payload::<Profile>();
///     html! { <p>{profile.map(|profile| profile.plan)}</p> }
/// }
/// ```
#[doc(alias = "accessTokenPayload")]
#[hook]
pub fn use_payload<T: DeserializeOwned + Clone + PartialEq + 'static>() -> Option<T> {
    use_value(Snapshot::payload_or_warn)
}

/// The access token's payload as a type of the app. `None` without a session.
///
/// # Errors
/// [`FrontTokenError::Payload`] if the payload does not deserialize as `T`.
#[hook]
pub fn use_try_payload<T: DeserializeOwned + Clone + PartialEq + 'static>()
-> Option<Result<T, FrontTokenError>> {
    use_value(|snapshot| Some(snapshot.front_token.as_ref()?.payload_as()))
}

/// The last error: why the session is [`Unreachable`](SessionStatus::Unreachable), or why
/// [`sign_out`](Session::sign_out) did not reach the server. Each error renders the component, even if it equals the last
/// one. A read that finds a session clears it.
#[hook]
pub fn use_session_error() -> Option<SessionError> {
    use_value(|snapshot| (snapshot.error_count, snapshot.error.clone())).1
}

/// A claim's value in the payload. `None` without a session, or if the claim is missing or has another type.
///
/// ```
/// use supertokens_yew::{claims::roles, use_claim_value};
/// use yew::prelude::*;
///
/// #[component]
/// fn Roles() -> Html {
///     let roles = use_claim_value(roles());
///     html! { <p>{roles.map(|roles| roles.join(", "))}</p> }
/// }
/// ```
#[doc(alias = "useClaimValue")]
#[doc(alias = "getClaimValue")]
#[hook]
pub fn use_claim_value<C: ClaimValue>(claim: C) -> Option<C::Value> {
    use_value(move |snapshot| claim.value_in(snapshot.front_token.as_ref()?.payload()))
}

/// Whether the session fulfils a requirement. `None` means not known yet; without a session it is `Some(false)`.
///
/// It only controls display; the API enforces access. Unlike a guard, it fetches no claims. A claim's age is checked
/// once, when the requirement is first checked.
///
/// ```
/// use supertokens_yew::{Require, use_allows};
/// use yew::prelude::*;
///
/// #[component]
/// fn DeleteButton() -> Html {
///     let allows = use_allows(Require::permission("orders:delete"));
///     html! { <button disabled={allows != Some(true)}>{"Delete"}</button> }
/// }
/// ```
#[hook]
pub fn use_allows(require: Require) -> Option<bool> {
    use_decision(require, |decision| decision.allows())
}

/// Why the session does not fulfil a requirement. `None` if the session fulfils it, without a session, and while the
/// session is not known. See [`use_allows`].
#[doc(alias = "validateClaims")]
#[doc(alias = "invalidClaims")]
#[hook]
pub fn use_denial(require: Require) -> Option<Denied> {
    use_decision(require, Decision::denied)
}

/// Calls back on each event while the component is mounted.
#[doc(alias = "onHandleEvent")]
#[hook]
pub fn use_session_event(on_event: Callback<SessionEvent>) {
    let session = use_session();
    let latest = use_mut_ref(Callback::noop);
    latest.replace(on_event);
    use_effect_with(session, move |session| {
        let subscription = session.client().on_event(move |event| {
            let on_event = latest.borrow().clone();
            on_event.emit(event.clone());
        });
        move || drop(subscription)
    });
}

#[hook]
fn use_decision<T: Clone + PartialEq + 'static>(require: Require, read: fn(Decision) -> T) -> T {
    let session = use_session();
    let check = use_memo(session.clone(), |session| session.with_sync(RequirementCheck::new));
    use_selected(&session, move |session| read(session.decide((*check).as_ref(), &require)))
}

#[hook]
fn use_value<T: Clone + PartialEq + 'static>(read: impl Fn(&Snapshot) -> T + 'static) -> T {
    let session = use_session();
    use_selected(&session, move |session| read(&session.snapshot()))
}

/// Reads a value of the session, and renders the component again when it has changed.
#[hook]
fn use_selected<T: Clone + PartialEq + 'static>(
    session: &Session,
    select: impl Fn(&Session) -> T + 'static,
) -> T {
    let value = select(session);
    let (shown, current) = (value.clone(), session.clone());
    use_changes(session, Box::new(move || select(&current) != shown));
    value
}

/// Calls the `on_change` of the last render after each change of the session. If it returns true, the component renders
/// again.
#[hook]
pub(crate) fn use_changes(session: &Session, on_change: Box<dyn Fn() -> bool>) {
    let update = use_force_update();
    let latest: Rc<RefCell<Rc<dyn Fn() -> bool>>> = use_mut_ref(|| Rc::new(|| false) as Rc<dyn Fn() -> bool>);
    latest.replace(on_change.into());
    use_effect_with(session.clone(), move |session| {
        let check: Rc<dyn Fn()> = Rc::new(move || {
            let on_change = latest.borrow().clone();
            if on_change() {
                update.force_update();
            }
        });
        // The session may have changed since the component was rendered.
        check();
        let listener = session.listen(check);
        move || drop(listener)
    });
}
