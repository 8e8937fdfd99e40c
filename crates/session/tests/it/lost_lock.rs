//! A tab that was frozen loses a lock with a heartbeat; it then saves no tokens.

use std::{cell::Cell, rc::Rc};

use supertokens_session::{
    SessionClient,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, Platform},
};

use crate::sim::{Tab, run_in_each_mode};

/// A lock whose guards report that they are held for this number of checks.
struct Losing {
    lock: Rc<dyn Lock>,
    held_for: Rc<Cell<u32>>,
}

impl Lock for Losing {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            let held_for = self.held_for.clone();
            let guard = self.lock.acquire(name).await?;
            Ok(guard.with_check(move || {
                let left = held_for.get();
                held_for.set(left.saturating_sub(1));
                left > 0
            }))
        })
    }
}

fn losing_after(tab: &Tab, looks: u32) -> (SessionClient, Rc<Cell<u32>>) {
    let held_for = Rc::new(Cell::new(looks));
    let lock = Losing { lock: tab.client.platform().unwrap().lock.clone(), held_for: held_for.clone() };
    let platform = Platform { lock: Rc::new(lock), ..tab.client.platform().unwrap().clone() };
    (SessionClient::new(tab.client.config().clone(), platform), held_for)
}

#[test]
fn a_lock_lost_before_the_call_is_acquired_again_before_the_call() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        let (client, held_for) = losing_after(&tab, 0);
        let refused = client.get("/orders").send().await.unwrap();
        assert_eq!((refused.status(), world.server.refreshes()), (401, 0));
        held_for.set(u32::MAX);
        assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn the_response_of_a_lost_lock_does_not_replace_newer_tokens() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let store = tab.client.platform().unwrap().store.clone();
        let before = store.read().unwrap().marker;
        world.server.expire_access_tokens();
        let (frozen, _) = losing_after(&tab, 1);
        let _ = frozen.get("/orders").send().await.unwrap();
        assert_eq!(world.server.refreshes(), 1);
        assert_eq!(store.read().unwrap().marker, before);
        // The tokens of that response are not used; the previous ones still refresh the session.
        world.server.expire_access_tokens();
        assert_eq!(world.tab().burst(5, "/orders").await, [200; 5]);
        assert_eq!((world.server.refreshes(), world.server.theft_alarms()), (2, 0));
    });
}
