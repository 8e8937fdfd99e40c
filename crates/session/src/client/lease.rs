//! Pages of several origins can share a session (subdomains, `session_token_frontend_domain`), but no lock. A lease in
//! the store shows pages of other origins that a refresh is in progress.
//!
//! 1. A page claims the lease for a short time, and waits until other origins see the claim.
//! 2. If it reads its own claim then, it extends the lease for the refresh. Otherwise it waits.
//!
//! Two pages may claim at the same time. Most browsers show both the last claim. Firefox may show each page the claim of
//! the other, until the next write. Then both claims end, and one page claims again before the other.

use super::Client;
use crate::{
    platform::{Change, Changes, RefreshLease, StoredSession},
    token::Fnv,
};

/// How long a claim counts. A hidden page's timers run once a second, so it must be able to extend its claim after that.
const CLAIM_MS: u32 = 1_500;

/// How long a page waits after its lost claim, so that the other page can claim again and be seen.
const HEAD_START_MS: i64 = 400;

/// The longest pause before the next claim. A longer one does not count: the device's clock was set back.
const LONGEST_PAUSE_MS: i64 = CLAIM_MS as i64 + HEAD_START_MS;

/// How often a page checks whether another origin's refresh has ended.
const POLL_MS: u32 = 100;

/// Added to the time limit of two refresh calls. A refresh clears its lease; if its tab dies, the lease expires after
/// this time.
const SPARE_MS: u32 = 5_000;

/// The longest valid lease. A lease that ends later contains an invalid value.
const LONGEST_MS: i64 = 600_000;

/// The lease of a refresh.
#[derive(Debug, Default)]
pub(super) struct OwnLease {
    /// The lease that the refresh has written.
    written: Option<RefreshLease>,
    /// The refresh makes no claim before this time, because another page claims first.
    claims_from_ms: i64,
}

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
    pub(super) async fn acquire_lease(&self, stored: &StoredSession, own: &mut OwnLease) -> LeaseStep {
        let Some(settles_ms) = self.0.platform.store.settles_between_origins_ms() else {
            return LeaseStep::Acquired;
        };
        let pause_ms = own.claims_from_ms.saturating_sub(self.0.platform.clock.now_ms());
        if let Some(other) = self.held_by_others(stored.lease, own.written) {
            // Of two lost claims, the one with the smaller holder is made again first.
            if let Some(lost) = own.written.take()
                && other.holder < lost.holder
            {
                own.claims_from_ms = lost.until_ms.saturating_add(HEAD_START_MS);
            }
        } else if own.written.is_some() {
            // If two origins write at the same time, the last one has the lease.
            let calls_ms = self.0.config.settings().refresh_timeout_ms.saturating_mul(2);
            self.write_own_lease(own, i64::from(calls_ms.saturating_add(SPARE_MS)).min(LONGEST_MS));
            return LeaseStep::Acquired;
        } else if !(1..=LONGEST_PAUSE_MS).contains(&pause_ms) {
            self.write_own_lease(own, CLAIM_MS.into());
            if settles_ms > 0 {
                self.0.platform.clock.sleep(settles_ms).await;
            }
            return LeaseStep::ReadAgain;
        }
        self.0.platform.clock.sleep(POLL_MS).await;
        LeaseStep::ReadAgain
    }

    /// Clears the lease, unless another origin has taken it over.
    pub(super) async fn release_lease(&self, OwnLease { written, .. }: OwnLease) {
        if written.is_some() && self.read().await.is_ok_and(|read| read.stored.lease == written) {
            self.write_lease(Change::Clear);
        }
    }

    fn write_own_lease(&self, own: &mut OwnLease, lasts_ms: i64) {
        let until_ms = self.0.platform.clock.now_ms().saturating_add(lasts_ms);
        let lease = RefreshLease { holder: self.lease_holder(), until_ms };
        own.written = Some(lease);
        self.write_lease(Change::Set(lease));
    }

    /// The refresh continues without a lease. If the store is not writable, the refresh returns that error itself.
    fn write_lease(&self, lease: Change<RefreshLease>) {
        self.write_or_warn(Changes { lease, ..Changes::default() }, "the lease of a refresh");
    }

    /// Pages of one scope share the lock. So a lease with our own scope belongs to a page that has died.
    fn held_by_others(&self, lease: Option<RefreshLease>, own: Option<RefreshLease>) -> Option<RefreshLease> {
        let lease = lease.filter(|lease| Some(*lease) != own)?;
        let left_ms = lease.until_ms.saturating_sub(self.0.platform.clock.now_ms());
        let holder = self.lease_holder();
        let counts = (1..=LONGEST_MS).contains(&left_ms) && (holder == 0 || lease.holder != holder);
        counts.then_some(lease)
    }

    fn lease_holder(&self) -> u64 {
        self.0.platform.lock.scope().map_or(0, |scope| Fnv::of_text(&scope))
    }
}
