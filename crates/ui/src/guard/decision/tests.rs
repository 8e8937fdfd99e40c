use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
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

/// A guard whose inputs change step by step.
struct Guard {
    require: Require,
    front: FrontToken,
    now_ms: i64,
    last_fetch: Option<ClaimFetch>,
    state: Option<GuardState>,
}

impl Guard {
    fn new(require: Require, front: FrontToken) -> Self {
        Self { require, front, now_ms: NOW_MS, last_fetch: None, state: None }
    }

    fn email(front: FrontToken) -> Self {
        Self::new(Require::claim(email_verified().max_age(Duration::from_secs(300))), front)
    }

    fn decide_state(&mut self) -> &GuardState {
        let inputs = Inputs {
            status: SessionStatus::Authenticated,
            front: Some(&self.front),
            require: &self.require,
            now_ms: self.now_ms,
            last_fetch: self.last_fetch.as_ref(),
            fetches_claims: true,
        };
        let next = GuardState::next(self.state.as_ref(), &inputs);
        self.state.insert(next)
    }

    fn decide(&mut self) -> Decision {
        self.decide_state().decision.clone()
    }

    fn is_due(&mut self) -> bool {
        self.decide_state().is_due
    }

    fn advance_ms(&mut self, ms: i64) -> &mut Self {
        self.now_ms += ms;
        self
    }

    fn set_front(&mut self, front: FrontToken) -> &mut Self {
        self.front = front;
        self
    }

    fn end_fetch(&mut self, has_response: bool) -> &mut Self {
        let subject = self.decide_state().subject().unwrap().clone();
        let number = self.last_fetch.as_ref().map_or(1, |last| last.number + 1);
        self.last_fetch = Some(ClaimFetch { subject, number, ended_at_ms: self.now_ms, has_response });
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
        // An adapter may read the two signals at different times.
        (SessionStatus::Authenticated, None, Decision::Loading),
    ] {
        let inputs = Inputs {
            status,
            front,
            require: &require,
            now_ms: NOW_MS,
            last_fetch: None,
            fetches_claims: true,
        };
        let state = GuardState::next(None, &inputs);
        assert_eq!((state.decision, state.is_due), (decision, false), "{status:?}");
    }
}

#[test]
fn a_due_claim_is_fetched_once_and_then_decides() {
    for (after, is_shown) in [(verified(true, NOW_MS), true), (verified(false, NOW_MS), false)] {
        let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
        assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));
        let decision = guard.set_front(after).end_fetch(true).decide();
        assert_eq!(decision == Decision::Show, is_shown);
        assert_eq!(is_denied(&decision), !is_shown);
        assert!(!guard.is_due());
    }
}

#[test]
fn a_fetch_by_another_tab_is_enough() {
    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    assert_eq!(guard.decide(), Decision::Loading);
    assert_eq!(guard.set_front(verified(true, NOW_MS)).decide(), Decision::Show);
    assert!(!guard.is_due());
}

#[test]
fn a_view_stays_as_time_passes_and_goes_when_the_value_changes() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    assert_eq!(guard.decide(), Decision::Show);
    guard.advance_ms(900_000);
    assert_eq!(
        (guard.decide(), guard.is_due()),
        (Decision::Show, true),
        "the claim is fetched while the view stays"
    );
    assert!(is_denied(&guard.set_front(verified(false, NOW_MS)).decide()));
}

#[test]
fn the_outcome_of_a_background_fetch_decides() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    guard.decide();
    guard.advance_ms(900_000);
    assert!(is_denied(&guard.end_fetch(true).decide()), "the claim is still too old after the fetch");
    assert!(!guard.is_due(), "the guard does not fetch again at once");
    assert!(guard.advance_ms(FETCH_AGAIN_AFTER_MS).is_due());
}

#[test]
fn a_fetch_without_a_response_keeps_the_view_and_does_not_deny_access() {
    let mut guard = Guard::email(verified(true, NOW_MS));
    guard.decide();
    guard.advance_ms(900_000);
    assert_eq!(guard.end_fetch(false).decide(), Decision::Show);
    assert!(!guard.is_due());

    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    guard.decide();
    assert_eq!(guard.end_fetch(false).decide(), Decision::Unreachable);
    assert!(!guard.is_due());
    let now_ms = guard.now_ms;
    assert!(guard.decide_state().may_fetch(now_ms), "a recheck fetches again at once");
    assert_eq!(guard.set_front(verified(true, NOW_MS)).end_fetch(true).decide(), Decision::Show);
}

#[test]
fn a_recheck_does_not_repeat_a_fetch_that_left_the_claim_due() {
    let mut guard = Guard::email(front("u1", json!({})));
    guard.decide();
    assert!(is_denied(&guard.end_fetch(true).decide()));
    let now_ms = guard.now_ms;
    assert!(!guard.decide_state().may_fetch(now_ms));
    assert!(guard.decide_state().may_fetch(now_ms + FETCH_AGAIN_AFTER_MS));
}

#[test]
fn a_changed_requirement_or_user_starts_a_new_check_and_keeps_a_view_that_is_allowed() {
    let mut guard = Guard::new(Require::session(), verified(true, NOW_MS - 301_000));
    assert_eq!(guard.decide(), Decision::Show);
    guard.require = Require::claim(email_verified().max_age(Duration::from_secs(300)));
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));

    let mut guard = Guard::new(Require::session(), verified(true, NOW_MS));
    assert_eq!(guard.decide(), Decision::Show);
    guard.require = Require::claim(AlwaysDue::validator());
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Show, true));
    assert_eq!(guard.end_fetch(true).decide(), Decision::Show);
    assert!(!guard.is_due());
    let payload = guard.front.payload().clone();
    assert_eq!((guard.set_front(front("u2", payload)).decide(), guard.is_due()), (Decision::Loading, true));
}

#[test]
fn a_fetch_for_another_requirement_does_not_decide() {
    let mut guard = Guard::email(verified(true, NOW_MS - 301_000));
    guard.end_fetch(true);
    guard.require = Require::claim(email_verified().max_age(Duration::from_secs(200)));
    assert_eq!((guard.decide(), guard.is_due()), (Decision::Loading, true));
}

#[test]
fn a_claim_without_an_endpoint_is_decided_at_once() {
    let adult = BooleanClaim::new("adult").is_true().max_age(Duration::from_secs(60));
    let mut guard = Guard::new(Require::claim(adult), front("u1", json!({ "adult": { "v": true, "t": 1 } })));
    assert!(is_denied(&guard.decide()));
    assert!(!guard.is_due());
}

/// A validator that always passes and is always due.
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
