//! Pages of two subdomains share the session's cookies but no lock: there is still one refresh at a time.

use std::{cell::RefCell, rc::Rc, time::Duration};

use supertokens_session::{
    SessionClient,
    platform::{
        Change, Changes, LocalBoxFuture, Lock, LockError, LockGuard, RefreshLease, Store, StoreError,
        StoredSession,
    },
};
use tokio::time::Instant;

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

/// The lock of an origin with this name and a single page.
struct NamedOrigin(&'static str);

impl Lock for NamedOrigin {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        AnotherOrigin.acquire(name)
    }

    fn scope(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}

/// The time until the other process gets a write.
const LAG: Duration = Duration::from_millis(5);

/// The lease as two processes of Firefox see it, and the writes on their way to them.
#[derive(Default)]
struct Leases {
    seen: [Option<RefreshLease>; 2],
    on_the_way: Vec<(Instant, usize, Option<RefreshLease>)>,
}

/// A page in a process of Firefox. A write of the other process replaces its own, also if its own is newer. So after two
/// writes at the same time each page sees the other's, and not its own, until the next write.
struct FirefoxProcess {
    number: usize,
    leases: Rc<RefCell<Leases>>,
    others: Rc<dyn Store>,
}

impl Store for FirefoxProcess {
    fn read(&self) -> Result<StoredSession, StoreError> {
        let leases = &mut *self.leases.borrow_mut();
        leases.on_the_way.retain(|&(at, process, lease)| {
            let arrives = process == self.number && at <= Instant::now();
            if arrives {
                leases.seen[process] = lease;
            }
            !arrives
        });
        Ok(StoredSession { lease: leases.seen[self.number], ..self.others.read()? })
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        let written = match changes.lease {
            Change::Keep => None,
            Change::Clear => Some(None),
            Change::Set(lease) => Some(Some(lease)),
        };
        if let Some(lease) = written {
            let leases = &mut *self.leases.borrow_mut();
            leases.seen[self.number] = lease;
            leases.on_the_way.push((Instant::now() + LAG, 1 - self.number, lease));
        }
        self.others.write(Changes { lease: Change::Keep, ..changes })
    }

    fn settles_between_origins_ms(&self) -> Option<u32> {
        Some(50)
    }
}

/// Without a second step, both pages would wait a minute for the end of the other's lease.
#[test]
fn two_origins_that_see_only_each_others_lease_make_one_refresh_within_three_seconds() {
    for apart_ms in [0, 1, 3, 4] {
        for names in [["https://a.example", "https://b.example"], ["https://b.example", "https://a.example"]]
        {
            run_in_each_mode(async |world| {
                let tab = world.signed_in("ann").await;
                let leases = Rc::new(RefCell::default());
                let [shop, blog] = [0, 1].map(|number| {
                    let mut platform = tab.client.platform().unwrap().clone();
                    platform.lock = Rc::new(NamedOrigin(names[number]));
                    platform.store =
                        Rc::new(FirefoxProcess { number, leases: leases.clone(), others: platform.store });
                    SessionClient::new(tab.client.config().clone(), platform)
                });
                for _ in 0..3 {
                    world.expire(Expiry::OnServer).await;
                    world.server.reset_counts();
                    let begin_ms = world.now_ms();
                    let one = tab.spawn(shop.get("/orders").send());
                    pass(apart_ms).await;
                    let other = tab.spawn(blog.get("/posts").send());
                    let statuses = (one.done().await.unwrap().status(), other.done().await.unwrap().status());
                    assert_eq!((statuses, world.server.refreshes()), ((200, 200), 1), "{apart_ms} ms apart");
                    let took_ms = world.now_ms() - begin_ms;
                    assert!(took_ms < 3_000, "{took_ms} ms, {apart_ms} ms apart");
                }
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
