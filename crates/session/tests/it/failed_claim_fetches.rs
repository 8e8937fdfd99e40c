//! A claim that can't be fetched is checked with its stored value, soon, and is fetched again later.

use std::{cell::RefCell, rc::Rc, time::Duration};

use futures_util::future::join_all;
use serde_json::json;
use supertokens_session::{
    ClaimError, SessionError, SessionEvent,
    claims::{ClaimRefresh, PrimitiveClaim, Require},
    platform::{LockError, Method, TransportError},
};
use tokio::task::spawn_local;

use crate::{
    claim_fetches::{CLAIMS_LOCK, PLAN, Validated, ann_has_paid, is_pro, start},
    sim::{Fault, Reply, Tab, pass, run, run_in_each_mode},
};

const REFUSAL: &str = r#"{"message":"invalid claim","claimValidationErrors":[{"id":"plan","reason":{}}]}"#;

fn no_plan() -> Validated {
    let reason = json!({ "message": "value does not exist", "expectedValue": "pro" });
    Ok(vec![ClaimError::new("plan", &reason)])
}

/// The failures of a fetch, and whether there was a response, which delays the next fetch.
fn failures() -> Vec<(Fault, bool)> {
    let instead = |status: u16, body: &str| Fault::Instead(Reply::new(status, body));
    vec![
        (instead(200, "{}"), true),
        (instead(401, "the app's own"), true),
        (instead(403, REFUSAL), true),
        (instead(404, "no such page"), true),
        (instead(500, "{}"), false),
        (instead(503, "overloaded"), false),
        (Fault::LoseRequest, false),
        (Fault::LoseResponse, false),
        (Fault::Hang, false),
        (Fault::NoTokens, true),
        (Fault::Hidden("front-token"), true),
    ]
}

#[test]
fn after_any_failure_the_stored_claim_is_checked_and_the_session_stays() {
    for (fault, has_response) in failures() {
        run_in_each_mode(async |world| {
            let tab = ann_has_paid(world).await;
            world.server.fail_always(PLAN, fault.clone());
            let began_ms = world.now_ms();
            let checked = tab.client.check_requirement(&Require::claim(is_pro())).await.unwrap();
            assert_eq!(Ok(checked.errors), no_plan(), "{fault:?}");
            assert_eq!(checked.has_response, has_response, "{fault:?}");
            let took_ms = world.now_ms() - began_ms;
            assert!(took_ms <= 30_100, "{fault:?}: {took_ms} ms");
            assert!(!world.locks.is_busy(), "{fault:?}");
            world.server.mend();
            assert_eq!(tab.user().await.as_deref(), Some("ann"), "{fault:?}");
            assert_eq!(tab.status("/orders").await, 200, "{fault:?}");
        });
    }
}

#[test]
fn offline_the_stored_claim_is_checked() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        world.set_offline(true);
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
        world.set_offline(false);
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]), "it has recovered at once");
    });
}

#[test]
fn offline_an_expired_session_is_an_error() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        world.pass_expiry().await;
        world.set_offline(true);
        let outcome = tab.client.validate_claims(&[is_pro()]).await;
        assert_eq!(outcome, Err(SessionError::RefreshUnreachable(TransportError::Unreachable)));
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
    });
}

#[test]
fn a_stored_claim_is_used_if_it_can_not_be_fetched() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]));
        let before = world.stored().front;
        world.server.fail_always(PLAN, Fault::Instead(Reply::new(503, "")));
        let wanted = PrimitiveClaim::<String>::new("plan")
            .refreshed_by(ClaimRefresh::new(Method::Post, PLAN))
            .has_value("pro".to_owned())
            .max_age(Duration::from_secs(10));
        pass(20_000).await;
        let errors = tab.client.validate_claims(&[wanted.into()]).await.unwrap();
        assert_eq!(errors[0].reason()["message"], "expired");
        assert_eq!(world.stored().front, before);
    });
}

#[test]
fn without_the_lock_stored_claims_are_checked() {
    for error in [LockError::Refused, LockError::TimedOut] {
        run(async |world| {
            let tab = ann_has_paid(world).await;
            world.locks.set_broken(Some(error.clone()));
            assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
            assert_eq!(world.server.count(PLAN), 0);
        });
    }
}

#[test]
fn a_caller_that_waits_for_a_failing_call_does_not_repeat_it() {
    for (fault, _) in failures() {
        run(async |world| {
            let tab = ann_has_paid(world).await;
            world.server.fail_always(PLAN, fault.clone());
            let began_ms = world.now_ms();
            let all = join_all((0..6).map(|_| start(&tab, vec![is_pro()]).done())).await;
            assert_eq!(all, vec![no_plan(); 6], "{fault:?}");
            let calls = world.server.count(PLAN);
            // A 401 of the app is retried after a refresh each time.
            let most = if fault == Fault::Instead(Reply::new(401, "the app's own")) { 11 } else { 1 };
            assert!(calls <= most, "{fault:?}: {calls} calls");
            assert!(world.now_ms() - began_ms <= 30_100, "{fault:?}");
        });
    }
}

/// Checks at each event, as guards do. Returns the number of checks.
fn check_at_each_event(tab: &Tab) -> Rc<RefCell<u32>> {
    let checks = Rc::new(RefCell::new(0));
    let (client, count) = (tab.client.clone(), checks.clone());
    let listening = tab.client.on_event(move |event| {
        if matches!(event, SessionEvent::UserChanged | SessionEvent::SignOut) {
            return;
        }
        *count.borrow_mut() += 1;
        let client = client.clone();
        spawn_local(async move { drop(client.validate_claims(&[is_pro()]).await) });
    });
    listening.forget();
    checks
}

#[test]
fn a_check_at_each_event_does_not_loop() {
    for (fault, _) in failures() {
        run(async |world| {
            let tab = ann_has_paid(world).await;
            world.server.fail_always(PLAN, fault.clone());
            let checks = check_at_each_event(&tab);
            assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan(), "{fault:?}");
            pass(5_000).await;
            let (calls, checks) = (world.server.count(PLAN), *checks.borrow());
            assert!(calls <= 11 && checks <= 40, "{fault:?}: {calls} calls, {checks} checks");
        });
    }
    // A response with a new token each time, and never the claim.
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let checks = check_at_each_event(&tab);
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
        pass(5_000).await;
        assert_eq!(world.server.count(PLAN), 1);
        assert!(*checks.borrow() <= 3);
    });
}

#[test]
fn a_failed_fetch_with_a_response_delays_the_next_fetch_by_ten_seconds() {
    for (fault, stands) in failures() {
        run(async |world| {
            let tab = ann_has_paid(world).await;
            world.server.fail_always(PLAN, fault.clone());
            assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
            world.server.mend();
            world.server.reset_counts();
            let second = tab.client.validate_claims(&[is_pro()]).await;
            assert_eq!(second, if stands { no_plan() } else { Ok(vec![]) }, "{fault:?}");
            assert_eq!(world.server.count(PLAN), usize::from(!stands), "{fault:?}");
            pass(10_000).await;
            assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]), "{fault:?}");
        });
    }
}

#[test]
fn a_successful_fetch_is_repeated_once_the_claim_is_too_old() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.fail_always(PLAN, Fault::Late(2_000));
        let plan = PrimitiveClaim::<String>::new("plan");
        let refresh = ClaimRefresh::new(Method::Post, PLAN);
        let wanted =
            [plan.refreshed_by(refresh).has_value("pro".to_owned()).max_age(Duration::from_secs(7)).into()];
        for calls in 1..4 {
            assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]));
            assert_eq!(world.server.count(PLAN), calls);
            // Older than 7 s, but fetched less than 7 s ago.
            pass(6_000).await;
        }
    });
}

#[test]
fn callers_that_wait_for_a_call_get_its_missing_response_too() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.fail_always(PLAN, Fault::Instead(Reply::new(503, "overloaded")));
        let (first, second) = tokio::join!(
            async { tab.client.check_requirement(&Require::claim(is_pro())).await.unwrap() },
            async { tab.client.check_requirement(&Require::claim(is_pro())).await.unwrap() },
        );
        assert_eq!((first.has_response, second.has_response), (false, false));
        assert_eq!(world.server.count(PLAN), 1);
    });
}

#[test]
fn the_delay_of_one_user_does_not_apply_to_the_next_user() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
        tab.client.sign_out().await.unwrap();
        world.server.set_claim("plan", json!("pro"));
        tab.sign_in("bob").await;
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]));
    });
}

#[test]
fn a_claim_is_fetched_again_after_the_clock_is_set_back() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.fail_once(PLAN, Fault::Instead(Reply::new(404, "")));
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, no_plan());
        world.clock.set_ahead_by(-3_600_000);
        assert_eq!(tab.client.validate_claims(&[is_pro()]).await, Ok(vec![]));
    });
}

#[test]
fn a_hanging_call_blocks_other_tabs_for_one_refresh_timeout() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_timeout(Duration::from_secs(4)));
        world.server.set_claim("plan", json!("pro"));
        tab.sign_in("ann").await;
        let other = world.tab();
        world.server.fail_once(PLAN, Fault::Hang);
        let hanging = start(&tab, vec![is_pro()]);
        pass(100).await;
        assert!(world.locks.is_busy_with(CLAIMS_LOCK));
        let waiting = start(&other, vec![is_pro()]);
        assert_eq!(other.status("/orders").await, 200, "requests continue meanwhile");
        let began_ms = world.now_ms();
        assert_eq!(waiting.done().await, Ok(vec![]));
        assert!(world.now_ms() - began_ms <= 4_100);
        assert_eq!(hanging.done().await, no_plan());
    });
}
