//! Signals for requirements and claims.

use leptos::prelude::*;
use supertokens_session::claims::{Denied, Require};
use supertokens_ui::{ClaimValue, Decision, RequirementCheck};

use super::{Session, derive, use_session};
use crate::{on_server, reactive::ErasedMemo};

impl Session {
    /// Whether the session fulfils a requirement. `None` means not known yet; without a session it is `Some(false)`.
    ///
    /// It fits the `condition` of `leptos_router`'s own `ProtectedRoute`. It only controls display; the API enforces
    /// access.
    ///
    /// Unlike a guard, it fetches no claims. A claim's age is checked once, when the requirement is first checked.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{Require, use_session};
    ///
    /// #[component]
    /// fn DeleteButton() -> impl IntoView {
    ///     let allows = use_session().allows(Require::permission("orders:delete"));
    ///     view! { <button disabled=move || allows.get() != Some(true)>"Delete"</button> }
    /// }
    /// ```
    pub fn allows<M>(&self, require: impl IntoReactiveValue<Signal<Require>, M>) -> Signal<Option<bool>> {
        self.check(require.into_reactive_value(), |decision| decision.allows())
    }

    /// Why the session does not fulfil a requirement. `None` if the session fulfils it, without a session, and while
    /// the session is not known. See [`allows`](Self::allows).
    #[doc(alias = "validateClaims")]
    #[doc(alias = "invalidClaims")]
    pub fn denied<M>(&self, require: impl IntoReactiveValue<Signal<Require>, M>) -> Signal<Option<Denied>> {
        self.check(require.into_reactive_value(), Decision::denied)
    }

    /// A claim's value in the payload. `None` without a session, or if the claim is missing or has another type.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{claims::roles, use_session};
    ///
    /// #[component]
    /// fn Roles() -> impl IntoView {
    ///     let roles = use_session().claim_value(roles());
    ///     view! { <p>{move || roles.get().map(|roles| roles.join(", "))}</p> }
    /// }
    /// ```
    #[doc(alias = "getClaimValue")]
    pub fn claim_value<C: ClaimValue>(&self, claim: C) -> Signal<Option<C::Value>> {
        derive(self.snapshot, move |snapshot| claim.value_in(snapshot.front_token.as_ref()?.payload()))
    }

    fn check<T: Clone + PartialEq + Send + Sync + 'static>(
        &self,
        require: Signal<Require>,
        read: fn(Decision) -> T,
    ) -> Signal<T> {
        let session = *self;
        // Each run of the closure creates a requirement that differs from the last, so the memo limits the runs.
        let require = ErasedMemo::new(move || require.get());
        let check = session.sync.map(RequirementCheck::new);
        let on_server = on_server::current();
        let decision = move || {
            session.track();
            let decision = require.with(|require| check.with(|check| check.decide(require)));
            let decision = decision.or_else(|| {
                let on_server = on_server.as_ref()?;
                require
                    .with(|require| session.snapshot.try_with(|snapshot| on_server.decide(snapshot, require)))
            });
            read(decision.unwrap_or(Decision::Loading))
        };
        ErasedMemo::new(decision).signal()
    }
}

/// A claim's value in the payload: see [`Session::claim_value`]. Call it below a `SessionProvider`.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{claims::PrimitiveClaim, use_claim_value};
///
/// #[component]
/// fn Plan() -> impl IntoView {
///     let plan = use_claim_value(PrimitiveClaim::<String>::new("plan"));
///     view! { <p>{move || plan.get().unwrap_or_else(|| "none".to_owned())}</p> }
/// }
/// ```
///
/// # Panics
/// Outside a `SessionProvider`.
#[track_caller]
#[doc(alias = "useClaimValue")]
pub fn use_claim_value<C: ClaimValue>(claim: C) -> Signal<Option<C::Value>> {
    use_session().claim_value(claim)
}
