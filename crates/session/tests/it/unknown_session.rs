//! An empty store does not show whether there is a session: one refresh for all callers decides.

use futures_util::future::join_all;
use supertokens_session::{
    SessionEvent,
    platform::{StoreError, StoredSession},
};

use crate::sim::{Fault, REFRESH, Reply, run};

#[test]
fn a_first_visit_costs_one_refresh_for_all_callers() {
    for sends_remove in [true, false] {
        run(async |world| {
            world.server.set_sends_remove(sends_remove);
            let tab = world.tab();
            let asked: Vec<_> = (0..10)
                .map(|_| tab.start(|client| async move { client.session_exists().await }).done())
                .collect();
            assert_eq!(tab.burst(10, "/public/news").await, [200; 10]);
            assert_eq!(join_all(asked).await, [const { Ok(false) }; 10]);
            assert_eq!((world.server.refreshes(), world.server.count("/public/news")), (1, 10));
            assert_eq!(tab.events(), []);
        });
    }
}

#[test]
fn the_result_of_the_first_refresh_is_stored() {
    run(async |world| {
        let tab = world.tab();
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(tab.burst(5, "/public/news").await, [200; 5]);
        assert_eq!(tab.burst(5, "/orders").await, [401; 5]);
        assert_eq!(world.tab().client.session_exists().await, Ok(false));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn tabs_that_a_browser_restores_at_once_share_the_refresh() {
    run(async |world| {
        let tabs: Vec<_> = (0..5).map(|_| world.tab()).collect();
        let responses = join_all(tabs.iter().map(|tab| tab.burst(3, "/public/news"))).await.concat();
        assert_eq!(responses, [200; 15]);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_session_whose_script_cookies_were_cleared_is_restored() {
    // Safari clears script's cookies after seven days, but not httpOnly cookies.
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(|stored| *stored = StoredSession::default());
        assert_eq!(tab.burst(10, "/orders").await, [200; 10]);
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 0));
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
        assert_eq!(tab.events(), [SessionEvent::SessionCreated, SessionEvent::RefreshSession]);
    });
}

fn forget_markers(stored: &mut StoredSession) {
    *stored = StoredSession { marker: None, id_refresh: None, ..stored.clone() };
}

#[test]
fn a_session_whose_marker_was_cleared_is_restored() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(forget_markers);
        assert_eq!(tab.client.user_id().await.ok(), None);
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (1, Some("ann")));
    });
}

#[test]
fn the_end_of_a_session_without_a_marker_emits_one_event() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(forget_markers);
        world.server.revoke_all();
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(tab.events().len(), 1);
    });
}

#[test]
fn after_a_failed_refresh_the_session_is_still_unknown() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(|stored| *stored = StoredSession::default());
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        assert!(tab.client.session_exists().await.is_err());
        assert_eq!(StoredSession { backoff: None, ..world.stored() }, StoredSession::default());
        world.server.mend();
        assert_eq!(tab.client.session_exists().await, Ok(true));
    });
}

#[test]
fn a_sign_in_waits_for_the_first_refresh() {
    // Else the response of the refresh, which clears cookies, could arrive after that of the sign-in.
    run(async |world| {
        world.server.fail_once(REFRESH, Fault::Late(2_000));
        let tab = world.tab();
        let asking = tab.start(|client| async move { client.session_exists().await });
        crate::sim::pass(50).await;
        tab.sign_in("ann").await;
        assert_eq!(asking.done().await, Ok(false));
        assert_eq!(tab.status("/orders").await, 200);
        let paths: Vec<_> = world.server.exchanges().into_iter().map(|exchange| exchange.path).collect();
        assert_eq!(paths, [REFRESH, "/auth/signin", "/orders"]);
    });
}

#[test]
fn an_unreadable_store_is_no_first_visit() {
    run(async |world| {
        let tab = world.tab();
        world.store.set_unreadable(true);
        assert_eq!(tab.client.session_exists().await, Err(StoreError::Unreadable.into()));
        assert_eq!(world.server.refreshes(), 0);
    });
}
