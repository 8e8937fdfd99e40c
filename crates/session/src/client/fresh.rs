use super::Client;
use crate::{error::SessionError, timing, token::AccessToken, transitions};

/// Time for a connection to send the token, on a slow network too.
const MARGIN_MS: u32 = 10_000;

/// Tabs that wake up at the same time spread their refreshes over this time.
const WAKE_UP_MS: u32 = 1_000;

/// Refreshes before the access token expires.
impl Client {
    pub(super) async fn ensure_fresh(&self) -> Result<(), SessionError> {
        if self.exists_for(MARGIN_MS).await? { Ok(()) } else { Err(SessionError::NoSession) }
    }

    pub(super) async fn fresh_access_token(&self) -> Result<AccessToken, SessionError> {
        use crate::TokenTransferMethod::Cookie;
        if self.config().token_transfer_method() == Cookie {
            return Err(SessionError::TokenInCookie);
        }
        self.ensure_fresh().await?;
        // A backend may choose cookies although the client requests header mode.
        self.read().await?.stored.access.ok_or(SessionError::TokenInCookie)
    }

    pub(super) async fn refresh_ahead_in_ms(&self, random: f64) -> Result<Option<u32>, SessionError> {
        let Some(margin_ms) = self.config().refresh_ahead_ms() else { return Ok(None) };
        let read = self.read().await?;
        let Some(front) = read.front.as_ref().filter(|_| read.state.key().is_some()) else { return Ok(None) };
        let now_ms = self.server_now_ms(&read);
        Ok(transitions::refresh_ahead_from_ms(front, margin_ms).map(|from_ms| {
            let left_ms =
                |until_ms: i64| u32::try_from(until_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
            match left_ms(from_ms) {
                0 => timing::jitter(WAKE_UP_MS, random),
                wait_ms => {
                    let half_ms = (left_ms(front.expires_at_ms()) - wait_ms) / 2;
                    wait_ms.saturating_add(timing::jitter(half_ms, random))
                }
            }
        }))
    }

    pub(super) async fn refresh_ahead(&self) -> Result<bool, SessionError> {
        let Some(margin_ms) = self.config().refresh_ahead_ms() else { return Ok(true) };
        let is_due = async || -> Result<bool, SessionError> {
            let read = self.read().await?;
            let now_ms = self.server_now_ms(&read);
            let from_ms =
                read.front.as_ref().and_then(|front| transitions::refresh_ahead_from_ms(front, margin_ms));
            Ok(read.state.key().is_some() && from_ms.is_some_and(|from_ms| from_ms <= now_ms))
        };
        if !is_due().await? {
            return Ok(true);
        }
        log::debug!("refreshing before the expiry");
        self.exists_for(margin_ms).await?;
        Ok(!is_due().await?)
    }
}
