//! Due claims are fetched before they are checked, once for all callers, and block no other caller.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use supertokens_session::{
    ClaimError, Original, Overrides, SessionError,
    claims::{
        BooleanClaim, ClaimRefresh, ClaimValidator, PrimitiveClaim, Validator, email_verified, multi_factor,
    },
    platform::{LocalBoxFuture, Method},
};

use crate::sim::{Expiry, Fault, Tab, Task, World, pass, poll_then_drop, run, run_current, run_in_each_mode};

pub const CLAIMS_LOCK: &str = "supertokens-session-claims";
pub const REFRESH_LOCK: &str = "supertokens-session-refresh";
pub const PLAN: &str = "/claims/plan";

pub type Validated = Result<Vec<ClaimError>, SessionError>;

/// The user's plan is "pro".
pub fn is_pro() -> Validator {
    let plan = PrimitiveClaim::<String>::new("plan");
    plan.refreshed_by(ClaimRefresh::new(Method::Post, PLAN)).has_value("pro".to_owned()).into()
}

pub fn start(tab: &Tab, validators: Vec<Validator>) -> Task<Validated> {
    tab.start(|client| async move { client.validate_claims(&validators).await })
}

/// Ann is signed in and has paid, which is not yet in her payload.
pub async fn ann_has_paid(world: &World) -> Tab {
    world.server.set_claim("plan", json!("pro"));
    world.signed_in("ann").await
}

/// A validator that records the payloads that it checks.
#[derive(Clone)]
struct Notes(ClaimRefresh, &'static str, Arc<Mutex<Vec<Value>>>);

impl ClaimValidator for Notes {
    fn id(&self) -> &str {
        self.1
    }

    fn should_refresh(&self, payload: &Value, _: i64) -> bool {
        payload[self.1].is_null()
    }

    fn refresh(&self) -> Option<&ClaimRefresh> {
        Some(&self.0)
    }

    fn validate(&self, payload: &Value, _: i64) -> Result<(), Value> {
        self.2.lock().unwrap().push(payload.clone());
        Ok(())
    }
}

#[test]
fn a_due_claim_is_fetched_once_for_all_tabs_and_callers() {
    run_in_each_mode(async |world| {
        let tabs = [ann_has_paid(world).await, world.tab(), world.tab()];
        let all = tabs.iter().chain(&tabs).map(|tab| start(tab, vec![is_pro()]).done());
        assert_eq!(join_all(all).await, vec![Ok(vec![]); 6]);
        assert_eq!((world.server.count(PLAN), world.server.refreshes()), (1, 0));
        assert_eq!(world.server.requests(PLAN)[0].method, "POST");
    });
}

#[test]
fn a_claim_that_is_not_due_is_checked_without_a_call_or_lock() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]));
        let (calls, grants) = (world.server.exchanges().len(), world.locks.grants());
        let no_adult = BooleanClaim::new("adult").is_true().into();
        let errors = tab.client.validate_claims(&[is_pro(), no_adult]).await.unwrap();
        assert_eq!(errors.iter().map(|error| error.id.as_str()).collect::<Vec<_>>(), ["adult"]);
        assert_eq!((world.server.exchanges().len(), world.locks.grants()), (calls, grants));
        assert_eq!(tab.client.validate_claims(&[]).await, Ok(vec![]));
    });
}

#[test]
fn the_claim_lock_is_not_the_refresh_lock() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        let other = world.tab();
        world.server.fail_once(PLAN, Fault::Late(5_000));
        let validating = start(&tab, vec![is_pro()]);
        pass(1_000).await;
        assert!(world.locks.is_busy_with(CLAIMS_LOCK) && !world.locks.is_busy_with(REFRESH_LOCK));
        world.server.expire_access_tokens();
        assert_eq!((tab.status("/orders").await, other.status("/orders").await), (200, 200));
        assert!(!validating.is_finished() && world.locks.is_busy_with(CLAIMS_LOCK));
        validating.done().await.unwrap();
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn two_validators_of_one_call_make_it_once() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        // The call does not return the second claim.
        let trial = BooleanClaim::new("trial").refreshed_by(ClaimRefresh::new(Method::Post, PLAN)).is_true();
        let errors = tab.client.validate_claims(&[is_pro(), trial.into(), is_pro()]).await.unwrap();
        assert_eq!(errors.iter().map(|error| error.id.as_str()).collect::<Vec<_>>(), ["trial"]);
        assert_eq!(world.server.count(PLAN), 1);
    });
}

#[test]
fn a_claim_that_another_call_updated_is_not_fetched() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.set_claim("other", json!(true));
        let notes = Arc::new(Mutex::new(Vec::new()));
        let by_other = Notes(ClaimRefresh::new(Method::Get, "/claims/other"), "plan", notes.clone());
        tab.client.validate_claims(&[is_pro(), Validator::new(by_other)]).await.unwrap();
        assert_eq!((world.server.count(PLAN), world.server.count("/claims/other")), (1, 0));
    });
}

#[test]
fn all_claims_are_checked_against_one_payload() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let notes = Arc::new(Mutex::new(Vec::new()));
        let one = |key: &'static str| {
            world.server.set_claim(key, json!(key));
            let call = ClaimRefresh::new(Method::Get, format!("/claims/{key}"));
            Validator::new(Notes(call, key, notes.clone()))
        };
        assert_eq!(tab.client.validate_claims(&[one("a"), one("b"), one("c")]).await, Ok(vec![]));
        let notes = notes.lock().unwrap();
        assert_eq!(notes.len(), 3);
        for payload in notes.iter() {
            assert_eq!(payload, &notes[0]);
            assert_eq!([&payload["a"]["v"], &payload["b"]["v"], &payload["c"]["v"]], ["a", "b", "c"]);
        }
    });
}

#[test]
fn an_expired_session_is_refreshed_before_claims_are_fetched() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let tab = ann_has_paid(world).await;
            world.expire(expiry).await;
            assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]), "{expiry:?}");
            assert_eq!(world.server.refreshes(), 1);
        });
    }
}

#[test]
fn without_a_session_no_claim_is_checked() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        tab.client.sign_out().await.unwrap();
        world.server.reset_counts();
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Err(SessionError::NoSession));
        assert_eq!(world.server.exchanges().len(), 0);
    });
}

#[test]
fn a_session_that_ends_during_a_claim_fetch_has_no_claims() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.revoke_all();
        world.server.expire_access_tokens();
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Err(SessionError::NoSession));
        assert_eq!(tab.user().await, None);
    });
}

#[test]
fn a_dropped_caller_does_not_cancel_the_claim_fetch_of_others() {
    for polls in 0..40 {
        run(async |world| {
            world.store.set_read_ms(2);
            let tab = ann_has_paid(world).await;
            let other = world.tab();
            let wanted = [is_pro()];
            let waiting = start(&other, vec![is_pro()]);
            poll_then_drop(tab.client.validate_claims(&wanted), polls).await;
            assert_eq!(waiting.done().await, Ok(vec![]), "{polls} polls");
            assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]), "{polls} polls");
            assert!(world.server.count(PLAN) <= 2 && !world.locks.is_busy(), "{polls} polls");
        });
    }
}

#[test]
fn a_closed_tab_does_not_block_the_claim_fetches_of_other_tabs() {
    for open_ms in 0..40 {
        run_in_each_mode(async |world| {
            let tab = ann_has_paid(world).await;
            let others = [world.tab(), world.tab()];
            let dying = start(&tab, vec![is_pro()]);
            pass(2).await;
            let waiting: Vec<_> = others.iter().map(|other| start(other, vec![is_pro()]).done()).collect();
            pass(open_ms).await;
            tab.kill().await;
            let _ = dying.outcome().await;
            assert_eq!(join_all(waiting).await, [Ok(vec![]), Ok(vec![])], "{open_ms} ms");
            assert!(world.server.count(PLAN) <= 2, "{open_ms} ms");
        });
    }
}

#[test]
fn a_tab_that_is_closed_during_a_hanging_call_blocks_no_other_tab() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        let other = world.tab();
        world.server.fail_once(PLAN, Fault::Hang);
        let dying = start(&tab, vec![is_pro()]);
        pass(100).await;
        let waiting = start(&other, vec![is_pro()]);
        pass(100).await;
        assert!(!waiting.is_finished());
        tab.kill().await;
        let killed_ms = world.now_ms();
        assert_eq!(waiting.done().await, Ok(vec![]));
        assert!(world.now_ms() - killed_ms < 100);
        assert!(dying.outcome().await.is_none());
    });
}

#[test]
fn a_late_claim_is_not_stored_in_another_users_session() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        let other = world.tab();
        world.server.fail_once(PLAN, Fault::Late(5_000));
        let validating = start(&tab, vec![is_pro()]);
        pass(1_000).await;
        world.server.set_claim("plan", json!("free"));
        other.client.sign_out().await.unwrap();
        other.sign_in("bob").await;
        validating.done().await.unwrap();
        assert_eq!(tab.user().await.as_deref(), Some("bob"));
        let payload = tab.client.payload().await.unwrap();
        assert_ne!(payload["plan"]["v"], "pro", "Ann's plan is Bob's: {payload}");
        let errors = other.client.validate_claims(&[is_pro()]).await.unwrap();
        assert_eq!(errors[0].reason()["actualValue"], "free");
    });
}

#[test]
fn the_recipes_claims_have_their_own_calls_below_the_base_path() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.set_claim("st-ev", json!(true));
        let errors =
            tab.client.validate_claims(&[email_verified().into(), multi_factor().into()]).await.unwrap();
        assert_eq!(errors.iter().map(|error| error.id.as_str()).collect::<Vec<_>>(), ["st-mfa"]);
        let calls: Vec<_> =
            world.server.exchanges().into_iter().map(|call| (call.method, call.path)).collect();
        let expected = [("GET", "/auth/user/email/verify"), ("PUT", "/auth/mfa/info")];
        assert_eq!(calls, expected.map(|(method, path)| (method.to_owned(), path.to_owned())));
    });
}

#[test]
fn an_unverified_address_is_fetched_again_after_ten_seconds() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.set_claim("st-ev", json!(false));
        let wanted = [email_verified().into()];
        for _ in 0..3 {
            let errors = tab.client.validate_claims(&wanted).await.unwrap();
            let reason = json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
            assert_eq!(errors, [ClaimError::new("st-ev", &reason)]);
            pass(3_000).await;
        }
        assert_eq!(world.server.count("/auth/user/email/verify"), 1);
        world.server.set_claim("st-ev", json!(true));
        pass(2_000).await;
        for _ in 0..3 {
            assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]));
            pass(20_000).await;
        }
        assert_eq!(world.server.count("/auth/user/email/verify"), 2);
    });
}

/// The older generation's payload does not have the server's time.
#[test]
fn the_age_of_a_claim_is_counted_by_the_servers_clock() {
    for ahead_by_ms in [-7_200_000, 0, 7_200_000] {
        run_current(async |world| {
            world.clock.set_ahead_by(ahead_by_ms);
            let tab = ann_has_paid(world).await;
            let plan = PrimitiveClaim::<String>::new("plan")
                .refreshed_by(ClaimRefresh::new(Method::Post, PLAN))
                .default_max_age(Duration::from_secs(20));
            let wanted = [plan.has_value("pro".to_owned()).into()];
            for (wait_ms, calls) in [(0, 1), (15_000, 1), (10_000, 2)] {
                pass(wait_ms).await;
                assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]), "{ahead_by_ms}");
                assert_eq!(world.server.count(PLAN), calls, "{ahead_by_ms}");
            }
        });
    }
}

/// Overrides with global validators and a changed payload.
struct OfTheApp {
    is_busy: Box<dyn Fn() -> bool>,
    asked: Rc<Cell<u32>>,
    asked_under_lock: Rc<RefCell<u32>>,
}

impl Overrides for OfTheApp {
    fn payload<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        self.asked.set(self.asked.get() + 1);
        *self.asked_under_lock.borrow_mut() += u32::from((self.is_busy)());
        Box::pin(async move {
            let mut payload = original.payload().await?;
            payload["adult"] = json!({ "v": true, "t": 1 });
            Ok(payload)
        })
    }

    fn global_claim_validators(&self) -> Vec<Validator> {
        vec![is_pro(), BooleanClaim::new("adult").is_true().into()]
    }
}

#[test]
fn global_validators_come_from_the_overrides() {
    run(async |world| {
        let plain = ann_has_paid(world).await;
        assert!(plain.client.global_claim_validators().is_empty());
        let locks = world.locks.clone();
        let (asked, asked_under_lock) = (Rc::default(), Rc::default());
        let overrides = OfTheApp {
            is_busy: Box::new(move || locks.is_busy()),
            asked: Rc::clone(&asked),
            asked_under_lock: Rc::clone(&asked_under_lock),
        };
        let tab = world.tab().with_overrides(Rc::new(overrides));
        let wanted = tab.client.global_claim_validators();
        assert_eq!(wanted.iter().map(ClaimValidator::id).collect::<Vec<_>>(), ["plan", "adult"]);
        assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]));
        let errors = plain.client.validate_claims(&wanted).await.unwrap();
        assert_eq!(errors[0].id, "adult");
        assert_eq!((asked.get(), *asked_under_lock.borrow()), (2, 0), "app code under the lock");
    });
}
