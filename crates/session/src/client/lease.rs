//! Pages of several origins can share a session (subdomains, `session_token_frontend_domain`), but no lock. A lease in
//! the store shows pages of other origins that a refresh is in progress.

use super::Client;
use crate::{
    platform::{Change, Changes, RefreshLease, StoredSession},
    token::Fnv,
};

/// How often a page checks whether another origin's refresh has ended.
const POLL_MS: u32 = 100;

/// Added to the time limit of two refresh calls. A refresh clears its lease; if its tab dies, the lease expires after
/// this time.
const SPARE_MS: u32 = 5_000;

/// The longest valid lease. A lease that ends later contains an invalid value.
const LONGEST_MS: i64 = 600_000;

/// The next step of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeaseStep {
    /// Continue: the refresh has the lease, or needs none.
    Acquired,
    /// Read the store again: the refresh wrote the lease, or waited for another origin.
    ReadAgain,
}

impl Client {
    /// Acquires the lease if other origins share the store. The caller holds the lock. `own` is the lease that the
    /// caller has written, if any.
    pub(super) async fn acquire_lease(
        &self,
        stored: &StoredSession,
        own: &mut Option<RefreshLease>,
    ) -> LeaseStep {
        let Some(settles_ms) = self.0.platform.store.settles_between_origins_ms() else {
            return LeaseStep::Acquired;
        };
        if self.is_held_by_others(stored.lease, *own) {
            *own = None;
            self.0.platform.clock.sleep(POLL_MS).await;
            return LeaseStep::ReadAgain;
        }
        if own.is_some() {
            // If two origins write at the same time, the last one has the lease.
            return LeaseStep::Acquired;
        }
        let calls_ms = self.0.config.settings().refresh_timeout_ms.saturating_mul(2).saturating_add(SPARE_MS);
        let until_ms = self.0.platform.clock.now_ms().saturating_add(i64::from(calls_ms).min(LONGEST_MS));
        let lease = RefreshLease { holder: self.lease_holder(), until_ms };
        *own = Some(lease);
        self.write_lease(Change::Set(lease));
        if settles_ms > 0 {
            self.0.platform.clock.sleep(settles_ms).await;
        }
        LeaseStep::ReadAgain
    }

    /// Clears the lease, unless another origin has taken it over.
    pub(super) async fn release_lease(&self, own: Option<RefreshLease>) {
        if own.is_some() && self.read().await.is_ok_and(|read| read.stored.lease == own) {
            self.write_lease(Change::Clear);
        }
    }

    /// The refresh continues without a lease. If the store is not writable, the refresh returns that error itself.
    fn write_lease(&self, lease: Change<RefreshLease>) {
        self.write_or_warn(Changes { lease, ..Changes::default() }, "the lease of a refresh");
    }

    /// Pages of one scope share the lock. So a lease with our own scope belongs to a page that has died.
    fn is_held_by_others(&self, lease: Option<RefreshLease>, own: Option<RefreshLease>) -> bool {
        let Some(lease) = lease.filter(|lease| Some(*lease) != own) else { return false };
        let left_ms = lease.until_ms.saturating_sub(self.0.platform.clock.now_ms());
        let holder = self.lease_holder();
        (1..=LONGEST_MS).contains(&left_ms) && (holder == 0 || lease.holder != holder)
    }

    fn lease_holder(&self) -> u64 {
        self.0.platform.lock.scope().map_or(0, |scope| Fnv::of_text(&scope))
    }
}
