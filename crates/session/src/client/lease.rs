//! Pages of several origins can share a session (subdomains, `session_token_frontend_domain`), but no lock. A lease in
//! the store tells pages of other origins that a refresh is under way.

use super::SessionClient;
use crate::{
    platform::{Change, Changes, Kept, RefreshLease},
    token::Fnv,
};

/// How often a page looks whether another origin's refresh is over.
const POLL_MS: u32 = 100;

/// What a lease lasts beyond the time that a refresh may take: it is cleared as a rule, and ends so where a tab dies.
const SPARE_MS: u32 = 5_000;

impl SessionClient {
    /// Takes the lease for a refresh, where the store is shared between origins; the lock is held. False where the store
    /// is to be read again: the lease has just been written, or another origin's refresh was waited for.
    pub(super) async fn has_lease(&self, stored: &Kept, is_taken: &mut bool) -> bool {
        let Some(settles_ms) = self.0.platform.store.settles_between_origins_ms() else { return true };
        if self.is_held_by_others(stored.lease) {
            *is_taken = false;
            self.0.platform.clock.sleep(POLL_MS).await;
            return false;
        }
        if *is_taken {
            // Of two origins that wrote at once the last one has it.
            return true;
        }
        *is_taken = true;
        let until_ms = self.0.platform.clock.now_ms().saturating_add(i64::from(self.longest_lease_ms()));
        self.write_lease(Change::Set(RefreshLease { holder: self.lease_holder(), until_ms })).await;
        if settles_ms > 0 {
            self.0.platform.clock.sleep(settles_ms).await;
        }
        false
    }

    pub(super) async fn release_lease(&self, is_taken: bool) {
        if is_taken {
            self.write_lease(Change::Clear).await;
        }
    }

    /// Without it the refresh goes on: a store that cannot be written is the refresh's own error.
    async fn write_lease(&self, lease: Change<RefreshLease>) {
        if let Err(error) = self.0.platform.store.write(Changes { lease, ..Changes::default() }).await {
            log::warn!("pages of other origins do not learn of this refresh: {error}");
        }
    }

    /// Pages of this origin are kept apart by the lock: where one of them holds the lease, it has died.
    fn is_held_by_others(&self, lease: Option<RefreshLease>) -> bool {
        let now_ms = self.0.platform.clock.now_ms();
        let lives = |lease: &RefreshLease| {
            (1..=i64::from(self.longest_lease_ms())).contains(&lease.until_ms.saturating_sub(now_ms))
        };
        lease.filter(lives).is_some_and(|lease| lease.holder != self.lease_holder())
    }

    fn lease_holder(&self) -> u64 {
        Fnv::of_text(&self.0.platform.lock.scope())
    }

    fn longest_lease_ms(&self) -> u32 {
        self.0.config.refresh_timeout_ms().saturating_add(SPARE_MS)
    }
}
