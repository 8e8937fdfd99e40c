//! Pages of two subdomains share the session's cookies and no lock: still there is one refresh at a time.

use std::rc::Rc;

use supertokens_session::{
    SessionClient,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, RefreshLease},
};

use crate::sim::{Expiry, Fault, REFRESH, SIGN_IN, Tab, World, pass, run_in_each_mode};

/// Keeps pages of its own origin apart, of which there is one.
struct AnotherOrigin;

impl Lock for AnotherOrigin {
    fn acquire<'a>(&'a self, _name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async { Ok(LockGuard::new(|| {})) })
    }
}

fn page_of_another_origin(tab: &Tab) -> SessionClient {
    let mut platform = tab.client.platform().unwrap().clone();
    platform.lock = Rc::new(AnotherOrigin);
    SessionClient::new(tab.client.config().clone(), platform)
}

async fn both_expire(world: &World, expiry: Expiry, shop: &Tab, blog: &SessionClient, apart_ms: u64) {
    world.expire(expiry).await;
    world.server.count_from_here();
    let one = shop.start_get("/orders");
    pass(apart_ms).await;
    let other = shop.spawn(blog.get("/posts").send());
    let statuses = (one.done().await.unwrap().status(), other.done().await.unwrap().status());
    assert_eq!((statuses, world.server.refreshes()), ((200, 200), 1), "{expiry:?}, {apart_ms} ms apart");
}

#[test]
fn two_origins_that_expire_together_make_one_refresh() {
    for apart_ms in [0, 1, 2, 3, 5, 10, 20, 30] {
        for expiry in Expiry::ALL {
            run_in_each_mode(async |world| {
                let shop = world.signed_in("ann").await;
                let blog = page_of_another_origin(&shop);
                for _ in 0..3 {
                    both_expire(world, expiry, &shop, &blog, apart_ms).await;
                }
                assert_eq!(world.stored().lease, None);
            });
        }
    }
}

#[test]
fn a_refresh_that_fails_leaves_the_other_origin_its_own() {
    run_in_each_mode(async |world| {
        let shop = world.signed_in("ann").await;
        let blog = page_of_another_origin(&shop);
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::LoseRequest);
        let one = shop.start_get("/orders");
        let other = shop.spawn(blog.get("/posts").send());
        let outcomes = [one.done().await.is_ok(), other.done().await.is_ok()];
        assert!(outcomes.contains(&true), "{outcomes:?}");
        assert_eq!(world.stored().lease, None);
    });
}

/// Of this origin the lock is free at once; the other one waits until the lease ends.
#[test]
fn a_tab_that_dies_in_mid_refresh_keeps_the_other_origin_waiting_for_the_lease_alone() {
    run_in_each_mode(async |world| {
        let dying = world.signed_in("ann").await;
        let (shop, living) = (world.tab(), world.tab());
        let blog = page_of_another_origin(&living);
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Hang);
        let _refresh = dying.start_get("/orders");
        pass(50).await;
        dying.kill().await;
        let begin_ms = world.now_ms();
        assert_eq!(shop.status("/orders").await, 200);
        assert!(world.now_ms() - begin_ms < 1_000);
        assert_eq!(blog.get("/posts").send().await.unwrap().status(), 200);
    });
}

#[test]
fn a_lease_that_no_one_clears_ends_by_itself() {
    run_in_each_mode(async |world| {
        let shop = world.signed_in("ann").await;
        let of = |until_ms: i64| Some(RefreshLease { holder: 7, until_ms });
        for (lease, at_most_ms) in
            [(of(world.now_ms() + 20_000), 21_000), (of(i64::MAX), 1_000), (of(i64::MIN), 1_000)]
        {
            world.server.expire_access_tokens();
            world.store.edit(|stored| stored.lease = lease);
            let begin_ms = world.now_ms();
            assert_eq!(shop.status("/orders").await, 200);
            assert!(world.now_ms() - begin_ms < at_most_ms, "{lease:?}");
        }
    });
}

/// Its page may have other settings than this one.
#[test]
fn a_lease_that_is_longer_than_ours_is_waited_for() {
    run_in_each_mode(async |world| {
        let shop = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.count_from_here();
        let until_ms = world.now_ms() + 120_000;
        world.store.edit(|stored| stored.lease = Some(RefreshLease { holder: 7, until_ms }));
        let waiting = shop.start_get("/orders");
        pass(60_000).await;
        assert_eq!(world.server.refreshes(), 0);
        world.store.edit(|stored| stored.lease = None);
        assert_eq!(waiting.done().await.unwrap().status(), 200);
    });
}

#[test]
fn a_sign_in_does_not_wait_for_the_other_origin() {
    run_in_each_mode(async |world| {
        let shop = world.signed_in("ann").await;
        let until_ms = world.now_ms() + 30_000;
        world.store.edit(|stored| stored.lease = Some(RefreshLease { holder: 7, until_ms }));
        let begin_ms = world.now_ms();
        assert_eq!(shop.client.post(SIGN_IN).body("bob").send().await.unwrap().status(), 200);
        assert!(world.now_ms() - begin_ms < 1_000);
    });
}
