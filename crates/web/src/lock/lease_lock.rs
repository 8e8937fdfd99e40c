use std::rc::Rc;

use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

use super::lease;
use crate::{
    clock::now_ms,
    page::{Blocked, Page},
    storage::LocalStorage,
    timer::{Interval, sleep},
};

/// How long to wait before a lease just written is read back: others who wrote at the same moment have then
/// done so, and the last one stands.
const SETTLE_MS: u32 = 50;
/// How long until one who waits looks again; a random part comes on top, so that not all look at once.
const POLL_MS: u32 = 50;
/// Hidden tabs get one timer tick a second: four may fail until the lease ends.
const RENEW_MS: u32 = 1_000;

/// A lock made of a lease in localStorage, for insecure contexts, which have no Web Locks.
///
/// The holder renews it; a holder that dies loses it after five seconds. Under `st-lock-<name>` lies
/// `<owner>:<expires, in ms>`.
#[derive(Debug, Clone)]
pub struct LeaseLock {
    page: Page,
}

impl LeaseLock {
    /// The lock of the page's origin.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone() }
    }

    async fn lease(&self, name: &str) -> Result<LockGuard, Blocked> {
        let claim = Claim {
            storage: LocalStorage::open(&self.page)?,
            key: format!("st-lock-{name}"),
            owner: random_name(),
        };
        loop {
            if claim.try_write()? && claim.settles().await? {
                return Ok(claim.hold());
            }
            sleep(POLL_MS + (js_sys::Math::random() * f64::from(POLL_MS)) as u32).await;
        }
    }
}

impl Lock for LeaseLock {
    /// [`LockError::Refused`] where localStorage is blocked.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move { self.lease(name).await.map_err(|Blocked| LockError::Refused) })
    }
}

/// One contender. Dropping it removes its lease, where it has one.
struct Claim {
    storage: LocalStorage,
    key: String,
    owner: String,
}

impl Claim {
    /// Writes the lease where it is free.
    fn try_write(&self) -> Result<bool, Blocked> {
        let free = lease::is_free(self.storage.get(&self.key)?.as_deref(), now_ms());
        if free {
            self.write()?;
        }
        Ok(free)
    }

    /// Whether the lease is still ours after others had time to write theirs.
    async fn settles(&self) -> Result<bool, Blocked> {
        for _ in 0..2 {
            sleep(SETTLE_MS).await;
            if !lease::holds(self.storage.get(&self.key)?.as_deref(), &self.owner, now_ms()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn hold(self) -> LockGuard {
        let claim = Rc::new(self);
        claim.renew();
        let renewal = Interval::new(RENEW_MS, {
            let claim = claim.clone();
            move || claim.renew()
        });
        LockGuard::new(move || {
            drop(renewal);
            drop(claim);
        })
    }

    fn renew(&self) {
        if self.is_mine() {
            let _ = self.write();
        }
    }

    fn write(&self) -> Result<(), Blocked> {
        self.storage.set(&self.key, &lease::text(&self.owner, now_ms()))
    }

    fn is_mine(&self) -> bool {
        self.storage.get(&self.key).is_ok_and(|text| lease::is_mine(text.as_deref(), &self.owner))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.is_mine() {
            let _ = self.storage.remove(&self.key);
        }
    }
}

/// Not secret, only different from all others.
fn random_name() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:08x}{:08x}{:08x}", part(), part(), part())
}
