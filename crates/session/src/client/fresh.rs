use super::SessionClient;
use crate::{error::SessionError, timing, token::AccessToken, transitions};

/// What is connected with a token should find it good when it arrives, on a slow line too.
const MARGIN_MS: u32 = 10_000;

/// Tabs that wake up together refresh within this time, and not all at once.
const WAKE_UP_MS: u32 = 1_000;

/// A session that is fresh before it is needed.
impl SessionClient {
    /// Sees to it that the session's access token is good for a while, with a refresh where it has expired or is about
    /// to: within ten seconds, or half its life where that is less.
    ///
    /// It is for what this client does not send itself, and therefore can't send again: a WebSocket, an event stream, a
    /// download. In cookie mode the browser then sends a good cookie along. The server should close a connection when
    /// the token that it began with expires; call this again before each attempt to connect.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    pub async fn ensure_fresh(&self) -> Result<(), SessionError> {
        if self.exists_for(MARGIN_MS).await? { Ok(()) } else { Err(SessionError::NoSession) }
    }

    /// Header mode's access token, good for a while: see [`ensure_fresh`](Self::ensure_fresh). A script that opens a
    /// WebSocket has no headers to put it in, so it goes into the first message, or a subprotocol; never into a URL,
    /// which ends up in logs.
    ///
    /// ```
    /// use supertokens_session::{SessionClient, SessionError};
    ///
    /// async fn hello(client: &SessionClient) -> Result<String, SessionError> {
    ///     let token = client.fresh_access_token().await?;
    ///     Ok(format!("{{\"token\":\"{}\"}}", token.reveal()))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::TokenInCookie`] where the token is in a cookie that no script can read; else as
    /// [`ensure_fresh`](Self::ensure_fresh).
    pub async fn fresh_access_token(&self) -> Result<AccessToken, SessionError> {
        use crate::TokenTransferMethod::Cookie;
        if self.config().token_transfer_method() == Cookie {
            return Err(SessionError::TokenInCookie);
        }
        self.ensure_fresh().await?;
        // A backend may choose cookies whatever it is asked for.
        self.read().await?.stored.access.ok_or(SessionError::TokenInCookie)
    }

    /// In how many ms this tab should call [`refresh_ahead`](Self::refresh_ahead), where
    /// [`refresh_ahead_ms`](crate::SessionConfigBuilder::refresh_ahead_ms) is set; none where nothing will be due: there
    /// is no session, or its token does not tell when it was issued. Reads the store alone.
    ///
    /// `share` is random, from 0 to 1: it spreads the tabs over the first half of the time that is left.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn refresh_ahead_in_ms(&self, share: f64) -> Result<Option<u32>, SessionError> {
        let Some(margin_ms) = self.config().refresh_ahead_ms() else { return Ok(None) };
        let read = self.read().await?;
        let Some(front) = read.front.as_ref().filter(|_| read.state.key().is_some()) else { return Ok(None) };
        let now_ms = self.server_now_ms(&read);
        Ok(transitions::refresh_ahead_from_ms(front, margin_ms).map(|from_ms| {
            let left_ms =
                |until_ms: i64| u32::try_from(until_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
            match left_ms(from_ms) {
                0 => timing::jitter(WAKE_UP_MS, share),
                wait_ms => {
                    let half_ms = (left_ms(front.expires_at_ms()) - wait_ms) / 2;
                    wait_ms.saturating_add(timing::jitter(half_ms, share))
                }
            }
        }))
    }

    /// Refreshes the session where [`refresh_ahead_ms`](crate::SessionConfigBuilder::refresh_ahead_ms) says that it is
    /// time, by the wall clock: whoever calls too early, or after another tab, makes no call. Gives whether nothing is
    /// due any more; where that is false, wait before the next try.
    ///
    /// # Errors
    /// Those of a refresh; the session is then as it was.
    pub async fn refresh_ahead(&self) -> Result<bool, SessionError> {
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
        log::debug!("refreshing ahead of the expiry");
        self.exists_for(margin_ms).await?;
        Ok(!is_due().await?)
    }
}
