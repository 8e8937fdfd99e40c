//! A claim that an async function of the app fetches: one run at a time, without a lock, and with a time limit.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use futures_util::future::join_all;
use serde_json::json;
use supertokens_session::{
    ClaimError, SessionClient, SessionError,
    claims::{BooleanClaim, ClaimRefresh, ClaimValidator, PrimitiveClaim, Require, Validator},
    platform::{LocalBoxFuture, TransportError},
};

use crate::{
    claim_fetches::{PLAN, ann_has_paid, is_pro, start},
    sim::{Fault, REFRESH, Reply, logged, pass, run, run_in_each_mode},
};

type Outcome = LocalBoxFuture<'static, Result<(), SessionError>>;

/// A requirement of the plan "pro" that a function fetches, and the number of its calls.
fn fetched_by(function: fn(SessionClient) -> Outcome) -> (Validator, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let refresh = ClaimRefresh::from_fn(move |client| {
        counter.fetch_add(1, Relaxed);
        function(client)
    });
    let plan = PrimitiveClaim::<String>::new("plan").refreshed_by(refresh);
    (plan.has_value("pro".to_owned()).into(), calls)
}

fn two_calls(client: SessionClient) -> Outcome {
    Box::pin(async move {
        client.get("/orders").send().await?;
        client.post(PLAN).body("why").send().await?;
        Ok(())
    })
}

fn fails(_: SessionClient) -> Outcome {
    Box::pin(async { Err(SessionError::Network(TransportError::Unreachable)) })
}

fn hangs(_: SessionClient) -> Outcome {
    Box::pin(pending())
}

fn ids(errors: Vec<ClaimError>) -> Vec<String> {
    errors.into_iter().map(|error| error.id).collect()
}

#[test]
fn a_function_may_make_several_calls_and_all_checks_of_a_tab_share_one_run() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        let (plan, calls) = fetched_by(two_calls);
        let checks = (0..6).map(|_| start(&tab, vec![plan.clone(), plan.clone()]).done());
        assert_eq!(join_all(checks).await, vec![Ok(vec![]); 6]);
        assert_eq!(calls.load(Relaxed), 1);
        assert_eq!((world.server.count("/orders"), world.server.count(PLAN)), (1, 1));
        assert_eq!(world.server.requests(PLAN)[0].body, b"why");
        assert_eq!(tab.client.validate_claims(&[plan]).await, Ok(vec![]), "it is due no more");
        assert_eq!(calls.load(Relaxed), 1);
    });
}

#[test]
fn a_function_runs_without_a_lock_and_may_check_other_claims() {
    fn checks_another(client: SessionClient) -> Outcome {
        Box::pin(async move {
            assert_eq!(client.validate_claims(&[is_pro()]).await?, []);
            Ok(())
        })
    }
    run(async |world| {
        let tab = ann_has_paid(world).await;
        let (plan, calls) = fetched_by(checks_another);
        let began_ms = world.now_ms();
        assert_eq!(tab.client.validate_claims(&[plan]).await, Ok(vec![]));
        assert!(world.now_ms() - began_ms < 1_000, "it has waited for itself");
        assert_eq!((calls.load(Relaxed), world.server.count(PLAN)), (1, 1));

        let (hanging, _) = fetched_by(hangs);
        world.server.set_claim("adult", json!(true));
        tab.client.sign_out().await.unwrap();
        tab.sign_in("bob").await;
        let check = start(&tab, vec![hanging]);
        pass(1_000).await;
        assert!(!check.is_finished() && !world.locks.is_busy());
        check.done().await.unwrap();
    });
}

#[test]
fn one_check_may_run_functions_and_make_calls() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.set_claim("plan", json!("pro"));
        world.server.set_claim("adult", json!(true));
        let adult = BooleanClaim::new("adult").refreshed_by(ClaimRefresh::from_fn(|client| async move {
            client.get("/claims/adult").send().await.map(drop)
        }));
        let wanted = [is_pro(), adult.is_true().into(), is_pro()];
        assert_eq!(tab.client.validate_claims(&wanted).await, Ok(vec![]));
        assert_eq!((world.server.count(PLAN), world.server.count("/claims/adult")), (1, 1));
    });
}

#[test]
fn a_failed_function_leaves_the_claim_and_its_error_is_returned() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        let (plan, calls) = fetched_by(fails);
        let checked = tab
            .client
            .check_requirement(&Require::claim(plan.clone()).and(Require::claim(is_pro())))
            .await
            .unwrap();
        assert_eq!(
            (ids(checked.errors), checked.has_response),
            (vec![], false),
            "the other one has brought it"
        );
        assert_eq!(calls.load(Relaxed), 1);
        let warnings = logged().into_iter().filter(|line| line.contains("could not be fetched: no response"));
        assert_eq!(warnings.count(), 1);
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
    });
}

#[test]
fn a_function_that_hangs_times_out_and_can_run_again() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_timeout(Duration::from_secs(4)));
        tab.sign_in("ann").await;
        let (plan, calls) = fetched_by(hangs);
        let began_ms = world.now_ms();
        let checks = join_all((0..3).map(|_| start(&tab, vec![plan.clone()]).done())).await;
        assert!(checks.into_iter().all(|errors| ids(errors.unwrap()) == ["plan"]));
        assert!((4_000..4_100).contains(&(world.now_ms() - began_ms)));
        assert_eq!(calls.load(Relaxed), 1, "a check that has waited for it does not run it again");
        tab.client.validate_claims(&[plan]).await.unwrap();
        assert_eq!(calls.load(Relaxed), 2);
    });
}

/// The function waits for itself, which looks like a slow function.
#[test]
fn a_function_that_checks_its_own_claim_times_out() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_timeout(Duration::from_secs(4)));
        tab.sign_in("ann").await;
        let own: Arc<std::sync::OnceLock<Validator>> = Arc::default();
        let claim = own.clone();
        let refresh = ClaimRefresh::from_fn(move |client: SessionClient| {
            let own = claim.get().cloned();
            async move { client.validate_claims(own.as_slice()).await.map(drop) }
        });
        let plan: Validator =
            PrimitiveClaim::<String>::new("plan").refreshed_by(refresh).has_value("pro".to_owned()).into();
        own.set(plan.clone()).ok().unwrap();
        let began_ms = world.now_ms();
        assert_eq!(ids(tab.client.validate_claims(&[plan]).await.unwrap()), ["plan"]);
        assert!(world.now_ms() - began_ms < 4_100);
    });
}

#[test]
fn a_dropped_check_does_not_cancel_the_run_of_others() {
    run(async |world| {
        let tab = ann_has_paid(world).await;
        let (plan, calls) = fetched_by(two_calls);
        let client = tab.client.clone();
        let wanted = [plan.clone()];
        let dropped =
            tokio::time::timeout(std::time::Duration::from_millis(5), client.validate_claims(&wanted));
        let other = start(&tab, vec![plan.clone()]);
        assert!(dropped.await.is_err());
        assert_eq!(other.done().await, Ok(vec![]));
        assert_eq!(calls.load(Relaxed), 1);
    });
}

#[test]
fn a_function_that_never_updates_the_claim_does_not_loop() {
    fn refreshes_and_fails(client: SessionClient) -> Outcome {
        Box::pin(async move {
            client.refresh().await?;
            Err(SessionError::Interrupted)
        })
    }
    for function in [refreshes_and_fails, two_calls] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let (plan, calls) = fetched_by(function);
            let (client, wanted) = (tab.client.clone(), plan.clone());
            let listening = tab.client.on_event(move |_| {
                let (client, wanted) = (client.clone(), [wanted.clone()]);
                tokio::task::spawn_local(async move { drop(client.validate_claims(&wanted).await) });
            });
            tab.client.validate_claims(std::slice::from_ref(&plan)).await.unwrap();
            pass(5_000).await;
            assert_eq!(calls.load(Relaxed), 1);
            pass(10_000).await;
            drop(listening);
            tab.client.validate_claims(&[plan]).await.unwrap();
            assert_eq!(calls.load(Relaxed), 2, "after ten seconds it may run again");
        });
    }
}

#[test]
fn a_run_for_one_user_does_not_count_for_the_next_user() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let (plan, calls) = fetched_by(hangs);
        let ann = start(&tab, vec![plan.clone()]);
        pass(100).await;
        tab.client.sign_out().await.unwrap();
        tab.sign_in("bob").await;
        let bob = start(&tab, vec![plan]);
        pass(100).await;
        assert_eq!(calls.load(Relaxed), 2);
        drop((ann.done().await, bob.done().await));
    });
}

#[test]
fn the_calls_of_a_function_refresh_an_expired_session() {
    run_in_each_mode(async |world| {
        let tab = ann_has_paid(world).await;
        world.server.expire_access_tokens();
        let (plan, _) = fetched_by(two_calls);
        assert_eq!(tab.client.validate_claims(&[plan]).await, Ok(vec![]));
        assert_eq!(world.server.refreshes(), 1);
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        world.server.expire_access_tokens();
        let adult = BooleanClaim::new("adult").refreshed_by(ClaimRefresh::from_fn(two_calls)).is_true();
        let checked = tab.client.check_requirement(&Require::claim(adult)).await.unwrap();
        assert_eq!((ids(checked.errors), checked.has_response), (vec!["adult".to_owned()], false));
    });
}

#[test]
fn clones_of_a_function_are_equal_and_two_functions_are_not() {
    let one = ClaimRefresh::from_fn(two_calls);
    let other = ClaimRefresh::from_fn(two_calls);
    assert_eq!(one, one.clone());
    assert_ne!(one, other);
    assert!(!format!("{one:?}").is_empty());
    let check = BooleanClaim::new("adult").refreshed_by(one.clone()).is_true();
    assert_eq!(check.refresh(), Some(&one));
}
