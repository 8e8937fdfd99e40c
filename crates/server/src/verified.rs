use std::{fmt, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;
use supertokens_session::{FrontToken, claims::Require};

use crate::{
    access_token::{SentToken, now},
    refusal::{Refusal, Statuses},
};

/// A session whose access token is verified. Cloning is cheap. `Debug` shows no token, payload or user id.
///
/// The signature shows that the backend issued it. Nothing shows that the session was not revoked since: an access token
/// stays valid until it expires, as it does in the backend SDK by default.
#[derive(Clone)]
pub struct VerifiedSession {
    claims: Arc<Claims>,
    front: Option<FrontToken>,
}

struct Claims {
    user_id: String,
    session_handle: String,
    tenant_id: String,
    recipe_user_id: String,
    expires_at: Duration,
    payload: Value,
    statuses: Statuses,
}

impl VerifiedSession {
    /// The session of a token whose signature, times and issuer are checked.
    pub(crate) fn new(token: SentToken<'_>, statuses: Statuses) -> Self {
        let text = |name| token.text(name).map(str::to_owned);
        let user_id = text("sub").unwrap_or_default();
        let claims = Claims {
            session_handle: text("sessionHandle").unwrap_or_default(),
            tenant_id: text("tId").unwrap_or_else(|| "public".to_owned()),
            recipe_user_id: text("rsub").unwrap_or_else(|| user_id.clone()),
            user_id,
            expires_at: token.expires_at(),
            payload: token.payload,
            statuses,
        };
        Self { claims: Arc::new(claims), front: None }
    }

    /// The session with its front token; none if the front token is that of another session or state.
    pub(crate) fn matching(&self, front: &FrontToken) -> Option<Self> {
        let is_equal = front.user_id() == self.user_id()
            && front.expires_at().as_secs() == self.expires_at().as_secs()
            && front.payload() == self.payload();
        is_equal.then(|| Self { claims: self.claims.clone(), front: Some(front.clone()) })
    }

    /// The user's id (`sub`).
    pub fn user_id(&self) -> &str {
        &self.claims.user_id
    }

    /// The session's handle, which a refresh does not change.
    pub fn session_handle(&self) -> &str {
        &self.claims.session_handle
    }

    /// The tenant's id (`tId`); `public` if the token has none.
    pub fn tenant_id(&self) -> &str {
        &self.claims.tenant_id
    }

    /// The id of the login method with which the user signed in (`rsub`).
    pub fn recipe_user_id(&self) -> &str {
        &self.claims.recipe_user_id
    }

    /// When the access token expires, since the Unix epoch.
    pub fn expires_at(&self) -> Duration {
        self.claims.expires_at
    }

    /// The access token's payload.
    pub fn payload(&self) -> &Value {
        &self.claims.payload
    }

    /// The payload as a type of the app.
    ///
    /// # Errors
    /// [`PayloadError`] if the payload does not match `T`.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        T::deserialize(self.payload()).map_err(|_| PayloadError)
    }

    /// The page's front token, if it equals this session: the state that the browser starts with.
    pub fn front_token(&self) -> Option<&FrontToken> {
        self.front.as_ref()
    }

    /// Whether the session meets the requirement. The claims are those of the access token: no claim is fetched.
    ///
    /// # Errors
    /// A [`Refusal`] with the claims that are invalid: 403, unless the settings say otherwise.
    pub fn require(&self, requirement: &Require) -> Result<(), Refusal> {
        let now_ms = i64::try_from(now().as_millis()).unwrap_or(i64::MAX);
        requirement
            .check(self.payload(), now_ms)
            .map_err(|denied| Refusal::invalid_claims(denied.reasons, self.claims.statuses))
    }
}

impl fmt::Debug for VerifiedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedSession").field("expires_at", &self.claims.expires_at).finish_non_exhaustive()
    }
}

/// The access token's payload does not match the requested type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token's payload does not match the requested type")]
#[non_exhaustive]
pub struct PayloadError;
