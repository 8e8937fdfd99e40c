use supertokens_session::{
    FrontToken,
    claims::{Denied, Require},
};

use crate::snapshot::SessionStatus;

/// If a claim is still due after a fetch, a guard waits for this time before it fetches again.
const FETCH_AGAIN_AFTER_MS: i64 = 10_000;

/// The outcome of checking a requirement.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// The session or a due claim is still loading.
    Loading,
    /// The user fulfils the requirement.
    Show,
    /// The user does not fulfil the requirement.
    AccessDenied(Denied),
    /// No user is signed in.
    RedirectToLogin,
    /// The backend does not respond.
    Unreachable,
}

impl Decision {
    /// Whether the session fulfils the requirement. `None` means not known yet; without a session it is `Some(false)`.
    pub fn allows(&self) -> Option<bool> {
        match self {
            Self::Loading | Self::Unreachable => None,
            Self::Show => Some(true),
            Self::AccessDenied(_) | Self::RedirectToLogin => Some(false),
        }
    }

    /// Why the user does not fulfil the requirement. `None` for all other decisions.
    pub fn denied(self) -> Option<Denied> {
        match self {
            Self::AccessDenied(denied) => Some(denied),
            _ => None,
        }
    }
}

/// The inputs of a decision, all read at the same time.
pub(super) struct Inputs<'a> {
    pub(super) status: SessionStatus,
    pub(super) front: Option<&'a FrontToken>,
    pub(super) require: &'a Require,
    /// By the server's clock.
    pub(super) now_ms: i64,
    /// The last claim fetch, for any requirement.
    pub(super) last_fetch: Option<&'a ClaimFetch>,
    /// Whether due claims are fetched before the first decision.
    pub(super) fetches_claims: bool,
}

/// A requirement, and the user whose claims are checked against it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    pub(super) require: Require,
    user: String,
}

impl Subject {
    fn new(require: &Require, front: &FrontToken) -> Self {
        Self { require: require.clone(), user: front.user_id().to_owned() }
    }

    fn is(&self, require: &Require, front: &FrontToken) -> bool {
        self.require == *require && self.has_user_of(front)
    }

    fn has_user_of(&self, front: &FrontToken) -> bool {
        self.user == front.user_id()
    }
}

/// A finished fetch of due claims.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClaimFetch {
    pub(super) subject: Subject,
    pub(super) number: u64,
    /// When the fetch ended, by the server's clock.
    pub(super) ended_at_ms: i64,
    /// Whether the backend responded.
    pub(super) has_response: bool,
}

/// A decision, and the basis for the next one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GuardState {
    pub(super) decision: Decision,
    /// Whether the guard should fetch claims now: once for each requirement, and again when a claim becomes due.
    pub(super) is_due: bool,
    basis: Option<Basis>,
}

#[derive(Debug, Clone, PartialEq)]
struct Basis {
    subject: Subject,
    /// A claim's age is checked at this time, so that a view stays during a claim fetch or a refresh.
    checked_at_ms: i64,
    /// Whether claims were due at the first check and have not been fetched yet.
    awaits_first_fetch: bool,
    /// Whether the backend responded to the first fetch.
    has_response: bool,
    /// When a fetch ended without a response, or with a claim still due.
    failed_at_ms: Option<i64>,
    /// The number of the last fetch that this basis includes.
    fetch_number: u64,
}

impl GuardState {
    pub(super) fn next(previous: Option<&Self>, inputs: &Inputs<'_>) -> Self {
        let front = match (inputs.status, inputs.front) {
            (SessionStatus::Authenticated, Some(front)) => front,
            (SessionStatus::Unauthenticated { .. }, _) => {
                return Self::without_claims(Decision::RedirectToLogin);
            }
            (SessionStatus::Unreachable, _) => return Self::without_claims(Decision::Unreachable),
            _ => return Self::without_claims(Decision::Loading),
        };
        let is_due = inputs.fetches_claims && inputs.require.is_due(front, inputs.now_ms);
        let previous_basis = previous.and_then(|state| state.basis.as_ref());
        let basis = Basis::next(previous_basis, is_due, front, inputs);
        let is_same_user = previous_basis.is_some_and(|basis| basis.subject.has_user_of(front));
        let was_shown = is_same_user && previous.is_some_and(|state| state.decision == Decision::Show);
        let outcome = inputs.require.check_token(front, basis.checked_at_ms);
        // A view stays while its claims are fetched in the background.
        let decision = if basis.awaits_first_fetch && !(was_shown && outcome.is_ok()) {
            Decision::Loading
        } else {
            match outcome {
                Ok(()) => Decision::Show,
                Err(_) if is_due && !basis.has_response => Decision::Unreachable,
                Err(denied) => Decision::AccessDenied(denied),
            }
        };
        let is_due = basis.awaits_first_fetch || (is_due && basis.may_fetch(inputs.now_ms));
        Self { decision, is_due, basis: Some(basis) }
    }

    /// The requirement and the user of this decision.
    pub(super) fn subject(&self) -> Option<&Subject> {
        self.basis.as_ref().map(|basis| &basis.subject)
    }

    /// Whether the guard may fetch claims when the API or the app asks for a recheck.
    pub(super) fn may_fetch(&self, now_ms: i64) -> bool {
        let Some(basis) = &self.basis else { return false };
        self.decision == Decision::Unreachable || basis.may_fetch(now_ms)
    }

    fn without_claims(decision: Decision) -> Self {
        Self { decision, is_due: false, basis: None }
    }
}

impl Basis {
    fn next(previous: Option<&Self>, is_due: bool, front: &FrontToken, inputs: &Inputs<'_>) -> Self {
        let Some(previous) = previous.filter(|basis| basis.subject.is(inputs.require, front)) else {
            return Self {
                subject: Subject::new(inputs.require, front),
                checked_at_ms: inputs.now_ms,
                awaits_first_fetch: is_due,
                has_response: true,
                failed_at_ms: None,
                fetch_number: inputs.last_fetch.map_or(0, |fetch| fetch.number),
            };
        };
        let fetch = inputs
            .last_fetch
            .filter(|fetch| fetch.number > previous.fetch_number && fetch.subject == previous.subject);
        let Some(fetch) = fetch else {
            // Another tab may have fetched the due claims.
            return Self { awaits_first_fetch: previous.awaits_first_fetch && is_due, ..previous.clone() };
        };
        let has_failed = is_due || !fetch.has_response;
        let next = Self {
            awaits_first_fetch: false,
            failed_at_ms: has_failed.then_some(fetch.ended_at_ms),
            fetch_number: fetch.number,
            ..previous.clone()
        };
        match (fetch.has_response, previous.awaits_first_fetch) {
            (true, _) => Self { checked_at_ms: fetch.ended_at_ms, has_response: true, ..next },
            (false, true) => Self { has_response: false, ..next },
            // The decision stays until the backend responds.
            (false, false) => next,
        }
    }

    fn may_fetch(&self, now_ms: i64) -> bool {
        self.failed_at_ms.is_none_or(|then| now_ms.saturating_sub(then) >= FETCH_AGAIN_AFTER_MS)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
