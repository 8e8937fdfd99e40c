use serde_json::Value;
use supertokens_session::{
    FrontToken,
    claims::{ClaimValidator, Denied, Require},
};

use crate::{SessionStatus, session::Subject};

/// After claims were still due when all had been tried, guards let so much time pass before they try again.
const TRY_AGAIN_AFTER_MS: i64 = 10_000;

/// What a guard does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decision {
    /// Nothing is decided yet.
    Wait,
    Show,
    Deny(Denied),
    /// Nobody is signed in.
    Leave,
    /// The backend does not answer.
    Unreachable,
}

/// What a guard knows at one moment.
pub(super) struct Facts<'a> {
    pub(super) status: SessionStatus,
    pub(super) front: Option<&'a FrontToken>,
    pub(super) require: &'a Require,
    /// By the server's clock.
    pub(super) now_ms: i64,
    /// The last time that claims were validated, by any requirement.
    pub(super) validation: Option<&'a Validation>,
}

/// Claims were fetched anew where that was due.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Validation {
    pub(super) subject: Subject,
    pub(super) number: u64,
    /// When it ended, by the server's clock.
    pub(super) at_ms: i64,
    /// False when the backend could not be asked.
    pub(super) is_answered: bool,
}

/// A decision, and what it stands on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub(super) decision: Decision,
    /// Whether claims are to be validated now: once for each requirement, and again when time has made one due.
    pub(super) is_due: bool,
    basis: Option<Basis>,
}

#[derive(Debug, Clone, PartialEq)]
struct Basis {
    subject: Subject,
    /// Ages of claims are judged by this moment, and not as time goes by: what is shown stays while they are fetched
    /// anew, and a refresh of the session alone hides nothing.
    at_ms: i64,
    /// Claims were due from the start, and have not been validated yet.
    is_open: bool,
    /// False when the backend could not be asked whether a claim holds.
    is_answered: bool,
    /// When a validation left something due.
    in_vain_at_ms: Option<i64>,
    /// The last validation that was taken into account.
    validation: u64,
}

impl Judged {
    pub(super) fn next(known: Option<&Self>, facts: &Facts<'_>) -> Self {
        let front = match (facts.status, facts.front) {
            (SessionStatus::Authenticated, Some(front)) => front,
            (SessionStatus::Unauthenticated { .. }, _) => return Self::plain(Decision::Leave),
            (SessionStatus::Unreachable, _) => return Self::plain(Decision::Unreachable),
            _ => return Self::plain(Decision::Wait),
        };
        let is_due = is_due(facts.require, front.payload(), facts.now_ms);
        let before = known.and_then(|known| known.basis.as_ref());
        let basis = Basis::next(before, is_due, front, facts);
        let is_same_user = before.is_some_and(|before| before.subject.is_of(front));
        let was_shown = is_same_user && known.is_some_and(|known| known.decision == Decision::Show);
        let verdict = facts.require.check(front.payload(), basis.at_ms);
        // A view that is shown stays while its claims are fetched in the background.
        let decision = if basis.is_open && !(was_shown && verdict.is_ok()) {
            Decision::Wait
        } else {
            match verdict {
                Ok(()) => Decision::Show,
                Err(_) if is_due && !basis.is_answered => Decision::Unreachable,
                Err(denied) => Decision::Deny(denied),
            }
        };
        let is_due = basis.is_open || (is_due && basis.may_try(facts.now_ms));
        Self { decision, is_due, basis: Some(basis) }
    }

    /// Whose claims are to be validated against what.
    pub(super) fn subject(&self) -> Option<&Subject> {
        self.basis.as_ref().map(|basis| &basis.subject)
    }

    /// Whether claims may be validated because somebody doubts them.
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
                in_vain_at_ms: None,
                validation: last,
            };
        };
        let news =
            facts.validation.filter(|news| news.number > known.validation && news.subject == known.subject);
        let Some(news) = news else {
            // Another tab may have fetched what was due.
            return Self { is_open: known.is_open && is_due, ..known.clone() };
        };
        let was_in_vain = is_due || !news.is_answered;
        let next = Self {
            is_open: false,
            in_vain_at_ms: was_in_vain.then_some(news.at_ms),
            validation: news.number,
            ..known.clone()
        };
        match (news.is_answered, known.is_open) {
            (true, _) => Self { at_ms: news.at_ms, is_answered: true, ..next },
            (false, true) => Self { is_answered: false, ..next },
            // What was decided holds until there is an answer.
            (false, false) => next,
        }
    }

    fn may_try(&self, now_ms: i64) -> bool {
        self.in_vain_at_ms.is_none_or(|then| now_ms.saturating_sub(then) >= TRY_AGAIN_AFTER_MS)
    }
}

/// Whether a claim can be fetched anew, and has to be.
fn is_due(require: &Require, payload: &Value, now_ms: i64) -> bool {
    require
        .validators()
        .iter()
        .any(|validator| validator.refresh().is_some() && validator.should_refresh(payload, now_ms))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
