//! After the refresh API has refused or failed, all tabs leave it alone for a while.

use super::SessionClient;
use crate::{
    error::SessionError,
    platform::{Change, Changes, Kept, RefreshBackoff},
    state,
};

impl SessionClient {
    /// # Errors
    /// [`SessionError::RefreshBackoff`] where no refresh may be sent now.
    pub(super) fn check_backoff(&self, kept: &Kept) -> Result<(), SessionError> {
        match state::remaining_backoff(self.own_backoff(kept), self.0.platform.clock.now_ms()) {
            Some(remaining) => Err(SessionError::RefreshBackoff { remaining }),
            None => Ok(()),
        }
    }

    fn own_backoff(&self, kept: &Kept) -> Option<RefreshBackoff> {
        kept.backoff.filter(|backoff| backoff.api == self.api_id())
    }

    /// Stores the backoff after a refresh that failed, while the lock is still held.
    pub(super) async fn begin_backoff(&self, kept: &Kept, status: u16, retry_after: Option<&str>) {
        let device_now = self.0.platform.clock.now_ms();
        let before = self.own_backoff(kept);
        let backoff = state::after_failed_refresh(before, self.api_id(), status, retry_after, device_now);
        let Some(backoff) = backoff.map(Change::Set) else { return };
        if let Err(error) = self.0.platform.store.write(Changes { backoff, ..Changes::default() }).await {
            log::warn!("other tabs do not learn that refreshes have to wait: {error}");
        }
    }
}
