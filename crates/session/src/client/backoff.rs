//! After the refresh API has refused or failed, no tab calls it during the backoff.

use super::Client;
use crate::{
    error::SessionError,
    platform::{Change, Changes, RefreshBackoff, StoredSession},
    transitions,
};

impl Client {
    /// # Errors
    /// [`SessionError::RefreshBackoff`] if no refresh may be sent now.
    pub(super) fn check_backoff(&self, stored: &StoredSession) -> Result<(), SessionError> {
        match transitions::remaining_backoff(self.own_backoff(stored), self.0.platform.clock.now_ms()) {
            Some(remaining) => Err(SessionError::RefreshBackoff { remaining }),
            None => Ok(()),
        }
    }

    fn own_backoff(&self, stored: &StoredSession) -> Option<RefreshBackoff> {
        stored.backoff.filter(|backoff| backoff.api == self.api_hash())
    }

    /// Stores the backoff after a failed refresh. The caller holds the lock.
    pub(super) fn begin_backoff(&self, stored: &StoredSession, status: u16, retry_after: Option<&str>) {
        let device_now = self.0.platform.clock.now_ms();
        let before = self.own_backoff(stored);
        let backoff =
            transitions::after_failed_refresh(before, self.api_hash(), status, retry_after, device_now);
        if let Some(backoff) = backoff.map(Change::Set) {
            self.write_or_warn(Changes { backoff, ..Changes::default() }, "the backoff of refreshes");
        }
    }
}
