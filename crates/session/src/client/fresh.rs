use super::Client;
use crate::{error::SessionError, token::AccessToken};

/// Time for a connection to send the token, on a slow network too.
const MARGIN_MS: u32 = 10_000;

/// A valid access token for connections outside of this client.
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
}
