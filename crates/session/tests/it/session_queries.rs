//! The client's queries: which read only the store, which refresh first, and what they return.

use supertokens_session::{
    SessionEvent,
    platform::{LocalBoxFuture, StoredSession},
};

use crate::sim::{Tab, run, run_current, run_in_each_mode};

#[test]
fn queries_about_a_valid_session_read_only_the_store() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.set_offline(true);
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!(tab.client.user_id().await.as_deref(), Ok("ann"));
        assert_eq!(tab.client.front_token().await.unwrap().unwrap().user_id(), "ann");
        assert!(tab.client.payload().await.is_ok());
        assert_eq!(tab.client.access_token().await.unwrap(), world.stored().access);
        assert_eq!((world.server.exchanges().len(), tab.events()), (0, vec![]));
    });
}

#[test]
fn the_user_id_costs_no_call_even_when_the_token_has_expired() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.client.user_id().await.as_deref(), Ok("ann"));
        assert_eq!(tab.client.front_token().await.unwrap().unwrap().user_id(), "ann");
        assert_eq!(world.server.exchanges().len(), 0);
    });
}

#[test]
fn the_payload_after_an_expiry_is_the_refreshed_one() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let before = tab.client.payload().await.unwrap();
        world.pass_expiry().await;
        let after = tab.client.payload().await.unwrap();
        assert!(after["exp"].as_i64() > before["exp"].as_i64(), "{before} {after}");
        assert_eq!(world.server.refreshes(), 1);
    });
}

/// Safari clears script's cookies after seven days.
#[test]
fn each_query_restores_a_session_without_script_cookies_by_one_refresh() {
    type Query = for<'a> fn(&'a Tab) -> LocalBoxFuture<'a, bool>;
    let queries: [Query; 4] = [
        |tab| Box::pin(async { tab.client.session_exists().await == Ok(true) }),
        |tab| Box::pin(async { tab.client.payload().await.is_ok() }),
        |tab| Box::pin(async { tab.client.access_token().await == Ok(None) }),
        |tab| Box::pin(async { tab.client.refresh().await == Ok(true) }),
    ];
    for query in queries {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.store.edit(|stored| *stored = StoredSession::default());
            assert!(query(&tab).await);
            assert_eq!((tab.user().await.as_deref(), world.server.refreshes()), (Some("ann"), 1));
        });
    }
}

#[test]
fn an_explicit_refresh_succeeds_if_another_tab_has_refreshed() {
    run_in_each_mode(async |world| {
        let tabs = [world.signed_in("ann").await, world.tab(), world.tab()];
        let attempts: Vec<_> =
            tabs.iter().map(|tab| tab.start(|client| async move { client.refresh().await })).collect();
        for attempt in attempts {
            assert_eq!(attempt.done().await, Ok(true));
        }
        assert_eq!(world.server.refreshes(), 1);
        let refreshes =
            tabs.iter().flat_map(Tab::events).filter(|event| *event == SessionEvent::RefreshSession);
        assert_eq!(refreshes.count(), 1);
    });
}
