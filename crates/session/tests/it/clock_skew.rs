//! `iat` corrects the device's clock, for every query and after every page load.

use supertokens_session::{SessionClient, platform::LocalBoxFuture};

use crate::sim::{Expiry, Reply, Tab, World, run, run_current};

const HOUR_MS: i64 = 3_600_000;

/// All queries that depend on the expiry of the access token.
type Query = fn(SessionClient) -> LocalBoxFuture<'static, ()>;

const QUERIES: [(&str, Query); 4] = [
    ("a request", |client| {
        Box::pin(async move { assert_eq!(client.get("/orders").send().await.unwrap().status(), 200) })
    }),
    ("session_exists", |client| Box::pin(async move { assert_eq!(client.session_exists().await, Ok(true)) })),
    ("payload", |client| Box::pin(async move { assert!(client.payload().await.is_ok()) })),
    ("access_token", |client| Box::pin(async move { assert!(client.access_token().await.is_ok()) })),
];

/// Runs a scenario of the current generation, whose payload has an `iat`, for each query and mode.
fn for_each_query(scenario: impl AsyncFn(&World, &str, Query)) {
    for header_mode in [false, true] {
        for (name, query) in QUERIES {
            run_current(async |world| {
                if header_mode {
                    world.use_header_mode();
                }
                scenario(world, name, query).await;
            });
        }
    }
}

async fn signed_in_with_the_clock_ahead_by(world: &World, ms: i64) -> Tab {
    world.clock.set_ahead_by(ms);
    world.signed_in("ann").await
}

/// `iat` is in whole seconds and slightly old on arrival, so this test keeps a distance from the seven seconds. The
/// tests of `transitions` check them to the millisecond.
#[test]
fn a_skew_below_seven_seconds_is_ignored() {
    for (ahead_by_ms, is_skew) in
        [(0, false), (5_500, false), (-6_500, false), (8_500, true), (-8_500, true), (HOUR_MS, true)]
    {
        run_current(async |world| {
            signed_in_with_the_clock_ahead_by(world, ahead_by_ms).await;
            let skew = world.stored().clock_skew_ms;
            assert_eq!(skew != 0, is_skew, "{ahead_by_ms} ms ahead: {skew}");
            assert!(!is_skew || (skew + ahead_by_ms).abs() < 1_500, "{ahead_by_ms} ms ahead: {skew}");
        });
    }
}

#[test]
fn no_query_treats_a_valid_token_as_expired() {
    for_each_query(async |world, name, query| {
        let tab = signed_in_with_the_clock_ahead_by(world, HOUR_MS).await;
        query(tab.client.clone()).await;
        assert_eq!(world.server.refreshes(), 0, "{name}");
    });
}

#[test]
fn no_query_treats_an_expired_token_as_valid() {
    for_each_query(async |world, name, query| {
        let tab = signed_in_with_the_clock_ahead_by(world, -HOUR_MS).await;
        world.pass_expiry().await;
        query(tab.client.clone()).await;
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 0), "{name}");
    });
}

#[test]
fn the_skew_survives_a_page_load() {
    for_each_query(async |world, name, query| {
        signed_in_with_the_clock_ahead_by(world, HOUR_MS).await.kill().await;
        query(world.tab().client.clone()).await;
        assert_eq!(world.server.refreshes(), 0, "{name}");
    });
}

#[test]
fn each_new_front_token_updates_the_skew() {
    run_current(async |world| {
        let tab = signed_in_with_the_clock_ahead_by(world, HOUR_MS).await;
        assert!(world.stored().clock_skew_ms < -HOUR_MS + 1_500);
        world.clock.set_ahead_by(0);
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(world.stored().clock_skew_ms, 0, "a refresh");

        world.clock.set_ahead_by(-HOUR_MS);
        tab.client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        assert!(world.stored().clock_skew_ms > HOUR_MS - 1_500, "a new payload");
    });
}

#[test]
fn a_response_without_a_front_token_does_not_change_the_skew() {
    run_current(async |world| {
        let tab = signed_in_with_the_clock_ahead_by(world, HOUR_MS).await;
        let before = world.stored().clock_skew_ms;
        world.server.route("/public/x", Reply::new(200, "").header("anti-csrf", "a"));
        world.clock.set_ahead_by(0);
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(world.stored().clock_skew_ms, before);
    });
}

/// Whatever the clocks of backend and device show: one refresh for each query, and no loop.
#[test]
fn a_token_that_is_expired_on_arrival_causes_no_loop_in_any_query() {
    for ahead_by_ms in [0, HOUR_MS, -HOUR_MS] {
        run(async |world| {
            let tab = signed_in_with_the_clock_ahead_by(world, ahead_by_ms).await;
            world.server.set_lifetime_ms(-HOUR_MS);
            world.expire(Expiry::OnServer).await;
            assert_eq!(tab.client.refresh().await, Ok(true));
            for (name, query) in &QUERIES[1..] {
                world.server.reset_counts();
                query(tab.client.clone()).await;
                assert!(world.server.refreshes() <= 1, "{name}: {}", world.server.refreshes());
            }
            world.server.reset_counts();
            assert_eq!(tab.status("/orders").await, 401);
            assert!(world.server.refreshes() <= 11, "{}", world.server.refreshes());
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}
