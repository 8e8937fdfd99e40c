use super::SessionClient;
use crate::{error::SessionError, timing, token::AccessToken, transitions};

/// Time for a connection to send the token, on a slow network too.
const MARGIN_MS: u32 = 10_000;

/// Tabs that wake up at the same time spread their refreshes over this time.
const WAKE_UP_MS: u32 = 1_000;

/// Refreshes before the access token expires.
impl SessionClient {
    /// Makes sure that the access token stays valid for a while. It refreshes the session if the token has expired, or
    /// expires within ten seconds or half its lifetime, whichever is less.
    ///
    /// Call it for connections that this client does not send and therefore can't retry: a WebSocket, an event stream,
    /// a download. In cookie mode the browser then sends a valid cookie. The server should close a connection when its
    /// token expires; call this method before each attempt to connect.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session, and the errors of a refresh.
    pub async fn ensure_fresh(&self) -> Result<(), SessionError> {
        if self.exists_for(MARGIN_MS).await? { Ok(()) } else { Err(SessionError::NoSession) }
    }

    /// The access token of header mode, valid for a while: see [`ensure_fresh`](Self::ensure_fresh). A WebSocket in a
    /// browser can't send headers, so put the token into the first message or a subprotocol. Never put it into a URL:
    /// URLs end up in logs.
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
    /// [`SessionError::TokenInCookie`] if script can't read the token's cookie; else see
    /// [`ensure_fresh`](Self::ensure_fresh).
    pub async fn fresh_access_token(&self) -> Result<AccessToken, SessionError> {
        use crate::TokenTransferMethod::Cookie;
        if self.config().token_transfer_method() == Cookie {
            return Err(SessionError::TokenInCookie);
        }
        self.ensure_fresh().await?;
        // A backend may choose cookies although the client requests header mode.
        self.read().await?.stored.access.ok_or(SessionError::TokenInCookie)
    }

    /// The time in ms until this tab should call [`refresh_ahead`](Self::refresh_ahead), if
    /// [`refresh_ahead_ms`](crate::SessionConfigBuilder::refresh_ahead_ms) is set. None if there is no session, or the
    /// token has no time of issue. Reads only the store.
    ///
    /// `random` is from 0 to 1: it spreads the tabs over the first half of the remaining time.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn refresh_ahead_in_ms(&self, random: f64) -> Result<Option<u32>, SessionError> {
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

    /// Refreshes the session if it is due by [`refresh_ahead_ms`](crate::SessionConfigBuilder::refresh_ahead_ms) and
    /// the wall clock. A call that is too early, or after another tab's refresh, sends nothing. Returns false if a
    /// refresh is still due: then wait before you retry.
    ///
    /// # Errors
    /// The errors of a refresh; the session is unchanged.
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
        log::debug!("refreshing before the expiry");
        self.exists_for(margin_ms).await?;
        Ok(!is_due().await?)
    }
}
