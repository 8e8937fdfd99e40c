//! Nothing is known of a session: one refresh finds out, for all who ask.

use futures_util::future::join_all;
use supertokens_session::{
    SessionEvent,
    platform::{StoreError, StoredSession},
};

use crate::sim::{Fault, REFRESH, Reply, run};

#[test]
fn a_first_visit_costs_one_refresh_for_all_callers() {
    for says_remove in [true, false] {
        run(async |world| {
            world.server.set_says_remove(says_remove);
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
fn it_is_known_then_and_never_asked_again() {
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
fn tabs_that_a_browser_restores_at_once_share_it() {
    run(async |world| {
        let tabs: Vec<_> = (0..5).map(|_| world.tab()).collect();
        let answers = join_all(tabs.iter().map(|tab| tab.burst(3, "/public/news"))).await.concat();
        assert_eq!(answers, [200; 15]);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_session_whose_script_cookies_are_gone_comes_back_without_a_word() {
    // Safari clears what script wrote after seven days; the httpOnly cookies live on.
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(|stored| *stored = StoredSession::default());
        assert_eq!(tab.burst(10, "/orders").await, [200; 10]);
        assert_eq!((world.server.refreshes(), world.server.answers(401)), (1, 0));
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
        assert_eq!(tab.events(), [SessionEvent::SessionCreated, SessionEvent::RefreshSession]);
    });
}

fn forget_markers(stored: &mut StoredSession) {
    *stored = StoredSession { marker: None, id_refresh: None, ..stored.clone() };
}

#[test]
fn a_marker_that_is_gone_alone_means_the_same() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(forget_markers);
        assert_eq!(tab.client.user_id().await.ok(), None);
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (1, Some("ann")));
    });
}

#[test]
fn the_end_of_a_session_without_a_marker_is_told_once() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(forget_markers);
        world.server.revoke_all();
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(tab.events().len(), 1);
    });
}

#[test]
fn a_backend_that_fails_leaves_it_open() {
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
fn a_sign_in_waits_until_it_is_known() {
    // Else the answer to the refresh, which clears cookies, could overtake the sign-in's.
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
fn a_store_that_cannot_be_read_is_no_first_visit() {
    run(async |world| {
        let tab = world.tab();
        world.store.set_unreadable(true);
        assert_eq!(tab.client.session_exists().await, Err(StoreError::Unreadable.into()));
        assert_eq!(world.server.refreshes(), 0);
    });
}
