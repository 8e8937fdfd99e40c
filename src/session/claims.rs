//! What the payload's claims allow, as signals.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use supertokens_session::{
    FrontToken,
    claims::{Denied, PrimitiveArrayClaim, PrimitiveClaim, Require},
};

use super::{Session, SessionStatus, use_session};

impl Session {
    /// Whether the session fulfils a requirement; none while nobody knows whether there is a session, false without
    /// one. Changes only when the answer does.
    ///
    /// It fits the `condition` of `leptos_router`'s own `ProtectedRoute`. It is for the eye alone: the API decides.
    ///
    /// The claims are taken as they are: guards fetch those anew that are due, this does not. How old a claim may be
    /// is judged when it is first asked for, and not as time goes by: what is shown stays until something changes.
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
        let is_open = |judged: &Judged| judged.is_open();
        let judged = self.judge(require.into_reactive_value(), move |a, b| is_open(a) == is_open(b));
        Signal::derive(move || judged.with(is_open))
    }

    /// Why the session does not fulfil a requirement; none where it does, without a session, and while nobody knows
    /// whether there is one. As [`allows`](Self::allows) otherwise.
    pub fn denied<M>(&self, require: impl IntoReactiveValue<Signal<Require>, M>) -> Signal<Option<Denied>> {
        let denied = |judged: &Judged| match judged {
            Judged::Signed { verdict, .. } => verdict.clone().err(),
            _ => None,
        };
        let judged = self.judge(require.into_reactive_value(), move |a, b| denied(a) == denied(b));
        Signal::derive(move || judged.with(denied))
    }

    /// A claim's value in the payload; none without a session, or where it is not there or of another type. Changes
    /// only when the value does.
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
    pub fn claim_value<C: ClaimValue>(&self, claim: C) -> Signal<Option<C::Value>> {
        let front_token = self.front_token;
        Memo::new(move |_| front_token.with(|front| claim.value_in(front.as_ref()?.payload()))).into()
    }

    /// The time by the server's clock, in ms since the epoch. Not for places where a server renders.
    pub(crate) fn server_now_ms(&self) -> i64 {
        self.now_ms().saturating_add(self.board.skew_ms.get_value())
    }

    fn judge(
        &self,
        require: Signal<Require>,
        is_same: impl Fn(&Judged, &Judged) -> bool + Send + Sync + 'static,
    ) -> Memo<Judged> {
        let session = *self;
        // Each run of a closure makes another requirement, so it runs when what it reads changes, and not to be read.
        let require = Memo::new(move |_| require.get());
        Memo::new_owning(move |known: Option<Judged>| {
            let status = session.status.get();
            let next = require.with(|require| {
                session.front_token.with(|front| match (status, front) {
                    (SessionStatus::Authenticated, Some(front)) => {
                        let known = known.as_ref().and_then(Judged::since);
                        Judged::signed(known, require, front, || session.server_now_ms())
                    }
                    (SessionStatus::Unauthenticated { .. }, _) => Judged::Nobody,
                    _ => Judged::Unknown,
                })
            });
            let changed = known.is_none_or(|known| !is_same(&known, &next));
            (next, changed)
        })
    }
}

/// A claim's value in the payload, typed: see [`Session::claim_value`]. It has to be asked for below a
/// `SessionProvider`.
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
pub fn use_claim_value<C: ClaimValue>(claim: C) -> Signal<Option<C::Value>> {
    use_session().claim_value(claim)
}

/// A claim whose value can be read out of a payload. Implement it for a claim of a shape of your own.
pub trait ClaimValue: Send + Sync + 'static {
    /// The value's type.
    type Value: Clone + PartialEq + Send + Sync + 'static;

    /// The value in a payload; none where it is not there or of another type.
    fn value_in(&self, payload: &Value) -> Option<Self::Value>;
}

impl<T> ClaimValue for PrimitiveClaim<T>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    type Value = T;

    fn value_in(&self, payload: &Value) -> Option<T> {
        self.value(payload)
    }
}

impl<T> ClaimValue for PrimitiveArrayClaim<T>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    type Value = Vec<T>;

    fn value_in(&self, payload: &Value) -> Option<Vec<T>> {
        self.value(payload)
    }
}

/// Of whom something is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subject {
    pub(crate) require: Require,
    user: String,
}

impl Subject {
    pub(crate) fn new(require: &Require, front: &FrontToken) -> Self {
        Self { require: require.clone(), user: front.user_id().to_owned() }
    }

    pub(crate) fn is(&self, require: &Require, front: &FrontToken) -> bool {
        self.require == *require && self.is_of(front)
    }

    pub(crate) fn is_of(&self, front: &FrontToken) -> bool {
        self.user == front.user_id()
    }
}

/// What became of a requirement.
#[derive(Debug)]
enum Judged {
    /// Nobody knows whether there is a session.
    Unknown,
    /// There is none.
    Nobody,
    Signed {
        since: Since,
        verdict: Result<(), Denied>,
    },
}

/// When it was first asked whether somebody fulfils something, by the server's clock: ages are judged by then.
#[derive(Debug, Clone)]
struct Since {
    subject: Subject,
    at_ms: i64,
}

impl Judged {
    fn signed(
        known: Option<&Since>,
        require: &Require,
        front: &FrontToken,
        now_ms: impl FnOnce() -> i64,
    ) -> Self {
        let since = match known {
            Some(since) if since.subject.is(require, front) => since.clone(),
            _ => Since { subject: Subject::new(require, front), at_ms: now_ms() },
        };
        let verdict = require.check(front.payload(), since.at_ms);
        Self::Signed { since, verdict }
    }

    fn since(&self) -> Option<&Since> {
        match self {
            Self::Signed { since, .. } => Some(since),
            _ => None,
        }
    }

    fn is_open(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Nobody => Some(false),
            Self::Signed { verdict, .. } => Some(verdict.is_ok()),
        }
    }
}
