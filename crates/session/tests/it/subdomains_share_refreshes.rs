//! Pages of two subdomains share the session's cookies but no lock: there is still one refresh at a time.

use std::rc::Rc;

use supertokens_session::{
    SessionClient,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, RefreshLease},
};

use crate::sim::{Expiry, Fault, REFRESH, SIGN_IN, Tab, World, pass, run_in_each_mode};

/// A lock of one origin with a single page.
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
    world.server.reset_counts();
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
fn after_a_failed_refresh_the_other_origin_refreshes() {
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

/// The lock of this origin is free at once; the other origin waits until the lease ends.
#[test]
fn a_tab_closed_during_a_refresh_blocks_the_other_origin_for_the_lease_only() {
    run_in_each_mode(async |world| {
        let dying = world.signed_in("ann").await;
        let (shop, third) = (world.tab(), world.tab());
        let blog = page_of_another_origin(&third);
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
fn a_lease_that_is_not_cleared_expires() {
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

/// The other page may have other settings.
#[test]
fn a_longer_lease_of_another_page_is_respected() {
    run_in_each_mode(async |world| {
        let shop = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.reset_counts();
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
