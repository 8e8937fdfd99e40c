use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use supertokens_session::claims::{BooleanClaim, ClaimValidator, Validator, email_verified};

use super::*;
use crate::snapshot::UnauthenticatedReason;

const NOW_MS: i64 = 1_700_000_000_000;

fn front(user: &str, payload: Value) -> FrontToken {
    let text = json!({ "uid": user, "ate": NOW_MS + 60_000, "up": payload }).to_string();
    FrontToken::decode(&BASE64_STANDARD.encode(text)).unwrap()
}

fn verified(is_verified: bool, fetched_at_ms: i64) -> FrontToken {
    front("u1", json!({ "st-ev": { "v": is_verified, "t": fetched_at_ms } }))
}

/// A guard whose world changes step by step.
struct Guard {
    require: Require,
    front: FrontToken,
    now_ms: i64,
    validation: Option<Validation>,
    state: Option<GuardState>,
}

impl Guard {
    fn new(require: Require, front: FrontToken) -> Self {
        Self { require, front, now_ms: NOW_MS, validation: None, state: None }
    }

    fn email(front: FrontToken) -> Self {
        Self::new(Require::claim(email_verified().max_age_s(300)), front)
    }

    fn decide_state(&mut self) -> &GuardState {
        let facts = Facts {
            status: SessionStatus::Authenticated,
            front: Some(&self.front),
            require: &self.require,
            now_ms: self.now_ms,
            validation: self.validation.as_ref(),
            fetches_claims: true,
        };
        let next = GuardState::next(self.state.as_ref(), &facts);
        self.state.insert(next)
    }

    fn decide(&mut self) -> Decision {
        self.decide_state().decision.clone()
    }

    fn is_due(&mut self) -> bool {
        self.decide_state().is_due
    }

    fn passes(&mut self, ms: i64) -> &mut Self {
        self.now_ms += ms;
        self
    }

    fn gets(&mut self, front: FrontToken) -> &mut Self {
        self.front = front;
        self
    }

    fn validated(&mut self, is_answered: bool) -> &mut Self {
        let subject = self.decide_state().subject().unwrap().clone();
        let number = self.validation.as_ref().map_or(1, |last| last.number + 1);
        self.validation = Some(Validation { subject, number, at_ms: self.now_ms, is_answered });
        self
    }
}

fn is_denied(decision: &Decision) -> bool {
    matches!(decision, Decision::AccessDenied(_))
}

#[test]
fn each_status_has_its_decision() {
    let (require, front) = (Require::session(), front("u1", json!({})));
    let reason = UnauthenticatedReason::SignedOut;
    for (status, front, decision) in [
        (SessionStatus::Loading, None, Decision::Loading),
        (SessionStatus::Unreachable, None, Decision::Unreachable),
        (SessionStatus::Unauthenticated { reason }, None, Decision::RedirectToLogin),
        (SessionStatus::Authenticated, Some(&front), Decision::Show),
        // The two signals are read one after the other.
        (SessionStatus::Authenticated, None, Decision::Loading),
    ] {
        let facts = Facts {
            status,
            front,
            require: &require,
            now_ms: NOW_MS,
            validation: None,
            fetches_claims: true,
        };
        let state = GuardState::next(None, &facts);
        assert_eq!((state.decision, state.is_due), (decision, false), "{status:?}");
    }
}

#[test]
fn a_claim_that_is_due_is_waited_for_once_and_then_decided() {
    for (after, is_shown) in [(verified(true, NOW_MS), true), (verified(false, NOW_MS), false)] {
        let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
        assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));
        let decision = guard.gets(after).validated(true).decide();
        assert_eq!(decision == Decision::Show, is_shown);
        assert_eq!(is_denied(&decision), !is_shown);
        assert!(!guard.is_due());
    }
}

#[test]
fn another_tabs_fetch_will_do() {
    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    assert_eq!(guard.decide(), Decision::Loading);
    assert_eq!(guard.gets(verified(true, NOW_MS)).decide(), Decision::Show);
    assert!(!guard.is_due());
}

#[test]
fn time_alone_takes_no_view_away_and_a_changed_value_does() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    assert_eq!(guard.decide(), Decision::Show);
    guard.passes(900_000);
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Show, true), "fetched behind the view");
    assert!(is_denied(&guard.gets(verified(false, NOW_MS)).decide()));
}

#[test]
fn the_outcome_of_a_fetch_behind_the_view_counts() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    guard.decide();
    guard.passes(900_000);
    assert!(is_denied(&guard.validated(true).decide()), "asked, and as old as before");
    assert!(!guard.is_due(), "not at once again");
    assert!(guard.passes(TRY_AGAIN_AFTER_MS).is_due());
}

#[test]
fn without_a_response_the_view_stays_and_access_is_not_denied() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    guard.decide();
    guard.passes(900_000);
    assert_eq!(guard.validated(false).decide(), Decision::Show);
    assert!(!guard.is_due());

    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    guard.decide();
    assert_eq!(guard.validated(false).decide(), Decision::Unreachable);
    assert!(!guard.is_due());
    let now_ms = guard.now_ms;
    assert!(guard.decide_state().may_try(now_ms), "a recheck tries again at once");
    assert_eq!(guard.gets(verified(true, NOW_MS)).validated(true).decide(), Decision::Show);
}

#[test]
fn a_fetch_that_left_the_claim_due_is_not_repeated_at_once_even_by_a_recheck() {
    let mut guard = Guard::email(front("u1", json!({})));
    guard.decide();
    assert!(is_denied(&guard.validated(true).decide()));
    let now_ms = guard.now_ms;
    assert!(!guard.decide_state().may_try(now_ms));
    assert!(guard.decide_state().may_try(now_ms + TRY_AGAIN_AFTER_MS));
}

#[test]
fn another_requirement_or_user_starts_anew_and_a_view_that_may_stay_stays() {
    let mut guard = Guard::new(Require::session(), verified(true, NOW_MS - 301_000));
    assert_eq!(guard.decide(), Decision::Show);
    guard.require = Require::claim(email_verified().max_age_s(300));
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));

    let mut guard = Guard::new(Require::session(), verified(true, NOW_MS));
    assert_eq!(guard.decide(), Decision::Show);
    guard.require = Require::claim(AlwaysDue::validator());
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Show, true));
    assert_eq!(guard.validated(true).decide(), Decision::Show);
    assert!(!guard.is_due());
    let payload = guard.front.payload().clone();
    assert_eq!((guard.gets(front("u2", payload)).decide(), guard.is_due()), (Decision::Loading, true));
}

#[test]
fn an_outcome_for_another_requirement_decides_nothing() {
    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    guard.validated(true);
    guard.require = Require::claim(email_verified().max_age_s(300));
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));
}

#[test]
fn what_can_not_be_fetched_is_not_waited_for() {
    let adult = BooleanClaim::new("adult").is_true().max_age_s(60);
    let mut guard = Guard::new(Require::claim(adult), front("u1", json!({ "adult": { "v": true, "t": 1 } })));
    assert!(is_denied(&guard.decide()));
    assert!(!guard.is_due());
}

/// Holds, and is due at any time.
struct AlwaysDue(supertokens_session::claims::ClaimRefresh);

impl AlwaysDue {
    fn validator() -> Validator {
        let get = supertokens_session::platform::Method::Get;
        Validator::new(Self(supertokens_session::claims::ClaimRefresh::new(get, "/claim")))
    }
}

impl ClaimValidator for AlwaysDue {
    fn id(&self) -> &str {
        "always-due"
    }

    fn should_refresh(&self, _: &Value, _: i64) -> bool {
        true
    }

    fn refresh(&self) -> Option<&supertokens_session::claims::ClaimRefresh> {
        Some(&self.0)
    }

    fn validate(&self, _: &Value, _: i64) -> Result<(), Value> {
        Ok(())
    }
}
