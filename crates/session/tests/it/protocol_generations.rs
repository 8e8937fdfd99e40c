//! Backends of the older protocol generation, upgrades of a backend during a session, and migrated pages.

use supertokens_session::{
    IdRefreshToken, Marker, SessionError,
    SessionEvent::{AccessTokenPayloadUpdated, RefreshSession, SessionCreated, SignOut, Unauthorised},
    SignOutFailure,
    platform::StoredSession,
};

use crate::sim::{Expiry, Fault, REFRESH, Reply, SIGN_OUT, Tab, World, pass, run, run_older};

const REMOVED: Option<IdRefreshToken> = Some(IdRefreshToken::Removed);

/// The stored `sIRTFrontend`.
fn irt(world: &World) -> Option<String> {
    world.stored().id_refresh.map(|token| token.text().to_owned())
}

/// A tab with a session that began after a page with an older SDK had signed out.
async fn signed_in_after_an_older_page(world: &World) -> Tab {
    world.store.edit(|stored| stored.id_refresh = REMOVED);
    world.signed_in("ann").await
}

/// The values that the older JavaScript SDK stores for a session.
fn leave_as_an_older_page(stored: &mut StoredSession) {
    let id_refresh = stored.id_refresh.as_ref().map(IdRefreshToken::without_expiry);
    *stored = StoredSession { front: stored.front.clone(), id_refresh, ..StoredSession::default() };
}

/// Checks that old and new tabs are signed out without a call.
async fn is_signed_out_in(world: &World, tabs: &[&Tab]) {
    let refreshes = world.server.refreshes();
    let newcomer = world.tab();
    for tab in tabs.iter().copied().chain([&newcomer]) {
        assert_eq!((tab.user().await, tab.client.session_exists().await), (None, Ok(false)));
        assert_eq!(tab.status("/orders").await, 401);
    }
    assert_eq!(world.server.refreshes(), refreshes);
    let stored = world.stored();
    assert!(stored.front.is_none() && stored.anti_csrf.is_none() && stored.marker.is_some());
}

#[test]
fn an_older_session_works_from_sign_in_to_sign_out() {
    run_older(async |world| {
        let tab = world.tab();
        world.store.edit(|stored| stored.id_refresh = REMOVED);
        let response = tab.client.post(crate::sim::SIGN_IN).body("ann").send().await.unwrap();
        assert_eq!((response.status(), world.server.refreshes()), (200, 0));
        assert_eq!(tab.events(), [SessionCreated]);
        let first = world.stored();
        assert_eq!(first.marker, None, "the older marker is enough");
        assert!(first.id_refresh.as_ref().unwrap().expires_at_ms().unwrap() > world.now_ms());
        assert_ne!(first.id_refresh, REMOVED);
        assert_eq!(tab.user().await.as_deref(), Some("ann"));

        for expiry in Expiry::ALL {
            let before = irt(world);
            world.expire(expiry).await;
            assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
            assert_eq!(tab.events(), [RefreshSession]);
            assert_ne!(irt(world), before);
            assert_eq!(world.stored().marker, None);
        }
        assert_eq!(world.server.refreshes(), 2);

        let before = irt(world);
        tab.client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        assert_eq!(tab.events(), [AccessTokenPayloadUpdated]);
        assert_eq!(tab.client.payload().await.unwrap()["role"], "admin");
        assert_eq!(irt(world), before);

        world.expire(Expiry::OnServer).await;
        assert_eq!(tab.status("/orders").await, 200);
        assert_ne!(irt(world), before);
        tab.forget_events();

        world.server.revoke_all();
        world.expire(Expiry::OnServer).await;
        let response = tab.get("/orders").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(tab.events(), [Unauthorised { session_expired_or_revoked: true }]);
        assert_eq!(world.stored().id_refresh, REMOVED);
        is_signed_out_in(world, &[&tab]).await;
    });
}

#[test]
fn a_401_without_any_header_ends_the_session() {
    for expiry in Expiry::ALL {
        run_older(async |world| {
            world.server.set_sends_remove(false);
            let tab = signed_in_after_an_older_page(world).await;
            world.server.revoke_all();
            world.expire(expiry).await;
            assert_eq!(tab.status("/orders").await, 401);
            assert_eq!(tab.events()[0], Unauthorised { session_expired_or_revoked: true });
            assert_eq!((world.stored().id_refresh, world.server.refreshes()), (REMOVED, 1));
            is_signed_out_in(world, &[&tab]).await;
        });
    }
}

#[test]
fn a_sign_out_stores_the_marker_that_older_sdks_read() {
    for offline in [false, true] {
        run_older(async |world| {
            let (tab, other) = (signed_in_after_an_older_page(world).await, world.tab());
            world.set_offline(offline);
            assert_eq!(tab.client.sign_out().await.is_err(), offline);
            world.set_offline(false);
            world.network.jar.clear();
            assert_eq!(tab.events(), [SignOut]);
            assert_eq!(world.stored().id_refresh, REMOVED);
            is_signed_out_in(world, &[&tab, &other]).await;
        });
    }
}

#[test]
fn two_tabs_share_one_refresh_by_the_older_marker_alone() {
    for expiry in Expiry::ALL {
        run_older(async |world| {
            let (tab, other) = (signed_in_after_an_older_page(world).await, world.tab());
            world.expire(expiry).await;
            let (one, two) = (tab.start_get("/orders"), other.start_get("/orders"));
            assert_eq!((one.done().await.unwrap().status(), two.done().await.unwrap().status()), (200, 200));
            assert_eq!((world.server.refreshes(), world.stored().marker), (1, None));
        });
    }
}

#[test]
fn a_remove_takes_precedence_over_a_front_token() {
    for status in [200, 401] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let front = world.stored().front.unwrap();
            let ending = Reply::new(status, "").header("front-token", front.reveal());
            world.server.route("/public/x", ending.header("id-refresh-token", "remove"));
            assert_eq!(tab.status("/public/x").await, status);
            world.server.revoke_all();
            is_signed_out_in(world, &[&tab]).await;
        });
    }
}

#[test]
fn a_session_continues_when_its_backend_is_upgraded() {
    for expiry in Expiry::ALL {
        run_older(async |world| {
            let (tab, other) = (signed_in_after_an_older_page(world).await, world.tab());
            let before = irt(world);
            world.server.set_older(false);
            world.expire(expiry).await;
            // Only the front token shows the refresh, and both tabs read it.
            let (one, two) = (tab.start_get("/orders"), other.start_get("/orders"));
            assert_eq!((one.done().await.unwrap().status(), two.done().await.unwrap().status()), (200, 200));
            assert_eq!(world.server.refreshes(), 1);
            assert_eq!(irt(world), before);
            assert!(world.stored().marker.is_some());
            for refreshes in 2..=4 {
                world.expire(expiry).await;
                assert_eq!((tab.status("/orders").await, other.status("/orders").await), (200, 200));
                assert_eq!(world.server.refreshes(), refreshes);
            }

            tab.client.sign_out().await.unwrap();
            assert_eq!(world.stored().id_refresh, REMOVED);
            is_signed_out_in(world, &[&tab, &other]).await;
        });
    }
}

#[test]
fn an_upgraded_backend_may_end_the_session() {
    for sends_remove in [true, false] {
        run_older(async |world| {
            let (tab, other) = (signed_in_after_an_older_page(world).await, world.tab());
            world.server.set_older(false);
            world.server.set_sends_remove(sends_remove);
            world.server.revoke_all();
            assert_eq!(tab.status("/orders").await, 401);
            assert_eq!(world.stored().id_refresh, REMOVED);
            is_signed_out_in(world, &[&tab, &other]).await;
        });
    }
}

#[test]
fn a_sign_in_after_an_upgrade_is_not_hidden_by_the_removed_older_marker() {
    run_older(async |world| {
        let tab = signed_in_after_an_older_page(world).await;
        tab.client.sign_out().await.unwrap();
        world.server.set_older(false);
        for seen in [true, false] {
            if !seen {
                // The page that signed out had an older SDK.
                world.store.edit(|stored| {
                    *stored = StoredSession { id_refresh: REMOVED, ..StoredSession::default() }
                });
            }
            tab.sign_in("bob").await;
            assert_eq!(world.stored().id_refresh, REMOVED);
            let newcomer = world.tab();
            assert_eq!(newcomer.user().await.as_deref(), Some("bob"));
            world.server.expire_access_tokens();
            assert_eq!((newcomer.status("/orders").await, tab.status("/orders").await), (200, 200));
        }
    });
}

#[test]
fn an_upgrade_before_a_sign_out_leaves_no_session() {
    run_older(async |world| {
        let tab = signed_in_after_an_older_page(world).await;
        world.server.set_older(false);
        world.pass_expiry().await;
        world.server.fail_always(SIGN_OUT, Fault::Instead(Reply::new(500, "")));
        let cause = SignOutFailure::Status { status: 500 };
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.user().await, None);
        assert_eq!(world.stored().id_refresh, REMOVED);
    });
}

#[test]
fn a_session_continues_when_its_backend_is_downgraded() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let (tab, other) = (world.signed_in("ann").await, world.tab());
            world.server.set_older(!world.server.is_older());
            world.expire(expiry).await;
            assert_eq!((tab.status("/orders").await, other.status("/orders").await), (200, 200));
            world.server.set_older(true);
            let mut seen = Vec::new();
            for _ in 0..3 {
                world.expire(expiry).await;
                assert_eq!((tab.status("/orders").await, other.status("/orders").await), (200, 200));
                assert!(!seen.contains(&irt(world)) && irt(world).is_some());
                seen.push(irt(world));
            }
            assert_eq!(world.server.refreshes(), 4);
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
            world.server.revoke_all();
            assert_eq!(other.status("/orders").await, 401);
            assert_eq!(world.stored().id_refresh, REMOVED);
            is_signed_out_in(world, &[&tab, &other]).await;
        });
    }
}

#[test]
fn a_page_migrated_from_the_older_sdk_stays_signed_in() {
    run_older(async |world| {
        world.signed_in("ann").await.kill().await;
        world.store.edit(leave_as_an_older_page);
        let tab = world.tab();
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert!(world.server.exchanges().is_empty());
        assert_eq!(tab.status("/orders").await, 200);
        for expiry in Expiry::ALL {
            world.expire(expiry).await;
            assert_eq!(tab.status("/orders").await, 200);
        }
        assert_eq!((world.server.refreshes(), world.stored().marker), (2, None));
    });
}

#[test]
fn a_page_migrated_from_the_older_sdk_stays_signed_out() {
    run(async |world| {
        world
            .store
            .edit(|stored| *stored = StoredSession { id_refresh: REMOVED, ..StoredSession::default() });
        let tab = world.tab();
        assert_eq!((tab.user().await, tab.client.session_exists().await), (None, Ok(false)));
        assert_eq!(tab.client.refresh().await, Ok(false));
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(world.server.exchanges().len(), 1);
    });
}

#[test]
fn an_older_marker_without_a_front_token_costs_one_refresh() {
    for alive in [true, false] {
        run_older(async |world| {
            world.signed_in("ann").await.kill().await;
            world.store.edit(leave_as_an_older_page);
            world.store.edit(|stored| stored.front = None);
            if !alive {
                world.server.revoke_all();
            }
            let (tab, other) = (world.tab(), world.tab());
            assert_eq!(tab.user().await, None);
            let asked = other.start(|client| async move { client.session_exists().await });
            assert_eq!(tab.client.session_exists().await, Ok(alive));
            assert_eq!(asked.done().await, Ok(alive));
            assert_eq!(world.server.refreshes(), 1);
            assert_eq!(tab.user().await.is_some(), alive);
            assert_eq!(world.stored().id_refresh == REMOVED, !alive);
        });
    }
}

#[test]
fn an_older_marker_that_has_expired_costs_one_refresh() {
    run_older(async |world| {
        let tab = signed_in_after_an_older_page(world).await;
        world.store.edit(|stored| stored.id_refresh = None);
        assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
        assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (1, Some("ann")));
    });
}

#[test]
fn a_garbled_older_marker_is_ignored() {
    for garbage in ["a b;5", "a;soon", ";5", "a;b;5", "a;99999999999999999999", "\"", "ü;5", " ", ";"] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            world.server.route("/public/x", Reply::new(200, "").header("id-refresh-token", garbage));
            assert_eq!(tab.status("/public/x").await, 200);
            assert_eq!((world.stored(), tab.events()), (stored, vec![]), "{garbage:?}");

            // A front token is enough to show a refresh.
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, Fault::Replaced("id-refresh-token", garbage.into()));
            assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
            assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (1, Some("ann")));
        });
    }
}

#[test]
fn a_remove_without_a_session_is_stored() {
    run(async |world| {
        let tab = world.tab();
        world.server.route("/public/x", Reply::new(200, "").header("id-refresh-token", "remove"));
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(world.stored().front, None);
        is_signed_out_in(world, &[&tab]).await;
        assert_eq!(world.server.refreshes(), 1);
    });
}

/// A marker alone is no session, and no update of one.
#[test]
fn an_older_marker_alone_signs_no_user_in() {
    run(async |world| {
        let tab = world.tab();
        let expiry = world.now_ms() + 1_000_000;
        let stray = Reply::new(200, "").header("id-refresh-token", &format!("stray;{expiry}"));
        world.server.route("/public/x", stray);
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!((irt(world).as_deref(), tab.user().await), (Some("stray"), None));
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_late_older_remove_does_not_end_the_next_session() {
    run_older(async |world| {
        let (tab, other) = (signed_in_after_an_older_page(world).await, world.tab());
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.post(SIGN_OUT).send().await.unwrap().status() });
        pass(100).await;
        other.sign_in("bob").await;
        assert_eq!((ending.done().await, tab.user().await.as_deref()), (200, Some("bob")));
        assert_ne!(world.stored().id_refresh, REMOVED);
    });
}

/// The older payload has no `iat`, so it can't correct the clock, and the expiry is not reliable.
#[test]
fn a_device_clock_that_is_ahead_costs_no_refresh() {
    for ahead_by_ms in [3_600_000, 400 * 86_400_000] {
        run_older(async |world| {
            world.clock.set_ahead_by(ahead_by_ms);
            let tab = signed_in_after_an_older_page(world).await;
            assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
            assert_eq!((world.server.refreshes(), world.server.count("/orders")), (0, 5));
            // A browser does not store a cookie that has expired by its own clock.
            let has_expired =
                world.stored().id_refresh.unwrap().expires_at_ms().unwrap() < world.now_ms() + ahead_by_ms;
            assert_eq!(world.stored().marker.is_some(), has_expired);

            // A query asks the server whether the session continues.
            assert_eq!(tab.client.session_exists().await, Ok(true));
            assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (1, Some("ann")));
        });
    }
}

#[test]
fn a_token_without_a_time_of_issue_is_refreshed_after_a_401() {
    run_older(async |world| {
        let tab = signed_in_after_an_older_page(world).await;
        world.pass_expiry().await;
        assert_eq!(tab.status("/public/news").await, 200);
        assert_eq!(world.server.refreshes(), 0, "it needs no session");
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 2));
    });
}

#[test]
fn a_session_is_read_whichever_sdk_wrote_it_last() {
    // A page with an older SDK ended or refreshed the session of a page with this library.
    run_older(async |world| {
        let tab = world.signed_in("ann").await;
        assert!(world.stored().marker.is_some(), "the first visit found no session");
        world
            .store
            .edit(|stored| *stored = StoredSession { front: None, id_refresh: REMOVED, ..stored.clone() });
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert!(world.server.exchanges().is_empty());
    });
    run_older(async |world| {
        let (tab, older_page) = (world.signed_in("ann").await, world.tab());
        let marker = world.stored().marker;
        world.server.expire_access_tokens();
        world.server.fail_once("/orders", Fault::Late(2_000));
        let late = tab.start_get("/orders");
        pass(100).await;
        assert_eq!(older_page.client.refresh().await, Ok(true));
        world.store.edit(|stored| stored.marker = marker.clone());
        assert_eq!(late.done().await.unwrap().status(), 200);
        assert_eq!(world.server.refreshes(), 1, "the older marker shows it");
    });
}

#[test]
fn the_current_marker_of_an_earlier_page_stays_beside_the_older_one() {
    run_older(async |world| {
        world.store.edit(|stored| stored.marker = Marker::parse("17").ok());
        let tab = world.signed_in("ann").await;
        assert!(irt(world).is_some() && world.stored().marker.is_some());
        let before = (irt(world), world.stored().marker);
        assert_eq!(tab.client.refresh().await, Ok(true));
        let after = (irt(world), world.stored().marker);
        assert!(before.0 != after.0 && before.1 != after.1);
    });
}
