use serde_json::Value;
use supertokens_session::{
    FrontToken,
    claims::{ClaimValidator, Denied, Require},
};

use crate::snapshot::SessionStatus;

/// Where a fetch left a claim due, guards wait for this time before they try again.
const TRY_AGAIN_AFTER_MS: i64 = 10_000;

/// What becomes of a requirement.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nothing is decided yet.
    Loading,
    /// The user fulfils it.
    Show,
    /// The user does not fulfil it.
    AccessDenied(Denied),
    /// No user is signed in.
    RedirectToLogin,
    /// The backend does not answer.
    Unreachable,
}

impl Decision {
    /// Whether the session fulfils the requirement; none while that is not known, false without a session.
    pub fn allows(&self) -> Option<bool> {
        match self {
            Self::Loading | Self::Unreachable => None,
            Self::Show => Some(true),
            Self::AccessDenied(_) | Self::RedirectToLogin => Some(false),
        }
    }

    /// Why the user does not fulfil the requirement; none in all other cases.
    pub fn denied(self) -> Option<Denied> {
        match self {
            Self::AccessDenied(denied) => Some(denied),
            _ => None,
        }
    }
}

/// What is known at one moment.
pub(super) struct Facts<'a> {
    pub(super) status: SessionStatus,
    pub(super) front: Option<&'a FrontToken>,
    pub(super) require: &'a Require,
    /// By the server's clock.
    pub(super) now_ms: i64,
    /// The last time that claims were fetched, for any requirement.
    pub(super) validation: Option<&'a Validation>,
    /// Whether claims that are due are fetched before anything is decided.
    pub(super) fetches_claims: bool,
}

/// Whose claims are checked, and against what.
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
        self.require == *require && self.is_of(front)
    }

    fn is_of(&self, front: &FrontToken) -> bool {
        self.user == front.user_id()
    }
}

/// Claims that were due were fetched.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Validation {
    pub(super) subject: Subject,
    pub(super) number: u64,
    /// When it ended, by the server's clock.
    pub(super) at_ms: i64,
    /// False when the backend did not answer.
    pub(super) is_answered: bool,
}

/// A decision, and what it is based on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GuardState {
    pub(super) decision: Decision,
    /// Whether claims are to be fetched now: once for each requirement, and again when one has become due with time.
    pub(super) is_due: bool,
    basis: Option<Basis>,
}

#[derive(Debug, Clone, PartialEq)]
struct Basis {
    subject: Subject,
    /// The age of a claim is judged at this moment, and not as time goes by. So a view stays while claims are fetched, and a
    /// refresh of the session hides nothing.
    at_ms: i64,
    /// Claims were due from the start, and have not been fetched yet.
    is_open: bool,
    /// False when the backend did not answer whether a claim holds.
    is_answered: bool,
    /// When a fetch left a claim due.
    failed_at_ms: Option<i64>,
    /// The number of the last validation that was taken into account.
    validation: u64,
}

impl GuardState {
    pub(super) fn next(known: Option<&Self>, facts: &Facts<'_>) -> Self {
        let front = match (facts.status, facts.front) {
            (SessionStatus::Authenticated, Some(front)) => front,
            (SessionStatus::Unauthenticated { .. }, _) => return Self::plain(Decision::RedirectToLogin),
            (SessionStatus::Unreachable, _) => return Self::plain(Decision::Unreachable),
            _ => return Self::plain(Decision::Loading),
        };
        let is_due = facts.fetches_claims && is_due(facts.require, front.payload(), facts.now_ms);
        let before = known.and_then(|known| known.basis.as_ref());
        let basis = Basis::next(before, is_due, front, facts);
        let is_same_user = before.is_some_and(|before| before.subject.is_of(front));
        let was_shown = is_same_user && known.is_some_and(|known| known.decision == Decision::Show);
        let verdict = facts.require.check(front.payload(), basis.at_ms);
        // A view stays while its claims are fetched in the background.
        let decision = if basis.is_open && !(was_shown && verdict.is_ok()) {
            Decision::Loading
        } else {
            match verdict {
                Ok(()) => Decision::Show,
                Err(_) if is_due && !basis.is_answered => Decision::Unreachable,
                Err(denied) => Decision::AccessDenied(denied),
            }
        };
        let is_due = basis.is_open || (is_due && basis.may_try(facts.now_ms));
        Self { decision, is_due, basis: Some(basis) }
    }

    /// Whose claims are checked, and against what.
    pub(super) fn subject(&self) -> Option<&Subject> {
        self.basis.as_ref().map(|basis| &basis.subject)
    }

    /// Whether claims may be fetched because the API or the app asked for it.
    pub(super) fn may_try(&self, now_ms: i64) -> bool {
        let Some(basis) = &self.basis else { return false };
        self.decision == Decision::Unreachable || basis.may_try(now_ms)
    }

    fn plain(decision: Decision) -> Self {
        Self { decision, is_due: false, basis: None }
    }
}

impl Basis {
    fn next(known: Option<&Self>, is_due: bool, front: &FrontToken, facts: &Facts<'_>) -> Self {
        let last = facts.validation.map_or(0, |validation| validation.number);
        let Some(known) = known.filter(|known| known.subject.is(facts.require, front)) else {
            return Self {
                subject: Subject::new(facts.require, front),
                at_ms: facts.now_ms,
                is_open: is_due,
                is_answered: true,
                failed_at_ms: None,
                validation: last,
            };
        };
        let validation = facts
            .validation
            .filter(|validation| validation.number > known.validation && validation.subject == known.subject);
        let Some(validation) = validation else {
            // Another tab may have fetched what was due.
            return Self { is_open: known.is_open && is_due, ..known.clone() };
        };
        let has_failed = is_due || !validation.is_answered;
        let next = Self {
            is_open: false,
            failed_at_ms: has_failed.then_some(validation.at_ms),
            validation: validation.number,
            ..known.clone()
        };
        match (validation.is_answered, known.is_open) {
            (true, _) => Self { at_ms: validation.at_ms, is_answered: true, ..next },
            (false, true) => Self { is_answered: false, ..next },
            // The decision holds until there is an answer.
            (false, false) => next,
        }
    }

    fn may_try(&self, now_ms: i64) -> bool {
        self.failed_at_ms.is_none_or(|then| now_ms.saturating_sub(then) >= TRY_AGAIN_AFTER_MS)
    }
}

/// Whether a claim is due that can be fetched.
fn is_due(require: &Require, payload: &Value, now_ms: i64) -> bool {
    require
        .validators()
        .iter()
        .any(|validator| validator.refresh().is_some() && validator.should_refresh(payload, now_ms))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
