//! The content of tokens, and how they are signed and verified.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::signing::SigningKeys;
use crate::error::ApiError;
use crate::random;
use crate::secret::secret;

secret!(
    /// A signed JWT. Its bearer is signed in until it expires.
    AccessToken
);
secret!(
    /// The token for which the client gets new access tokens.
    RefreshToken
);
secret!(
    /// The token that proves that a request with cookies comes from the app.
    AntiCsrfToken
);

/// The access token's payload. The generation decides which part of it pages can read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessPayload {
    /// The id of the user.
    pub(crate) sub: String,
    /// The id of the login method's user, which is the same here.
    pub(crate) rsub: String,
    pub(crate) t_id: String,
    /// The API's domain and base path.
    pub(crate) iss: String,
    /// In seconds, as in JWT.
    pub(crate) iat: u64,
    pub(crate) exp: u64,
    pub(crate) session_handle: String,
    /// Hash 1 of the refresh token that was issued with this token.
    pub(crate) refresh_token_hash1: String,
    /// Hash 1 of the refresh token that was replaced, until this access token is first used.
    pub(crate) parent_refresh_token_hash1: Option<String>,
    pub(crate) anti_csrf_token: Option<String>,
    /// The claims and the app's own fields.
    #[serde(flatten)]
    pub(crate) custom: Map<String, Value>,
}

/// The header of an access token.
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    /// The version of the payload's fields.
    version: String,
    /// The id of the key that signed it.
    kid: String,
    /// The example's own field, in the header so that the payload is like a real one.
    epoch: u64,
}

const ALGORITHM: &str = "RS256";

/// A decoded access token.
#[derive(Clone)]
pub(crate) struct AccessInfo {
    pub(crate) payload: AccessPayload,
    /// Tokens of a session's earlier epochs count as expired.
    pub(crate) epoch: u64,
}

impl AccessInfo {
    /// In milliseconds since the epoch.
    pub(crate) fn expires_at(&self) -> u64 {
        self.payload.exp.saturating_mul(1000)
    }
}

/// A text with the form of an access token, with an unverified signature.
pub(crate) struct UncheckedAccess {
    signed: String,
    signature: Vec<u8>,
    key_id: String,
    info: AccessInfo,
}

impl UncheckedAccess {
    /// `None` if the text is no access token, such as a bearer token of the app.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.alg != ALGORITHM {
            return None;
        }
        let payload = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        Some(Self {
            signed: signed.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
            key_id: header.kid,
            info: AccessInfo { payload, epoch: header.epoch },
        })
    }
}

/// The content of a refresh token, which is opaque to the client.
#[derive(Serialize, Deserialize)]
pub(crate) struct RefreshInfo {
    pub(crate) session_handle: String,
    /// Hash 1 of the refresh token that it replaced. The first token of a session has none.
    pub(crate) parent_hash1: Option<String>,
    pub(crate) anti_csrf: Option<String>,
    nonce: String,
}

/// Signs and verifies tokens.
pub(crate) struct Keys {
    pub(crate) access: SigningKeys,
    refresh: [u8; 64],
}

impl Keys {
    /// Keys of this process.
    pub(crate) fn new() -> Result<Self, ApiError> {
        Ok(Self { access: SigningKeys::new()?, refresh: random::bytes()? })
    }

    /// Signs an access token with this content.
    pub(crate) fn sign_access(&self, info: &AccessInfo) -> Result<AccessToken, ApiError> {
        let key = self.access.latest().ok_or(ApiError::Internal)?;
        let header = Header {
            alg: ALGORITHM.to_owned(),
            typ: "JWT".to_owned(),
            version: "5".to_owned(),
            kid: key.id().to_owned(),
            epoch: info.epoch,
        };
        let signed = format!("{}.{}", encode(&header)?, encode(&info.payload)?);
        let signature = URL_SAFE_NO_PAD.encode(key.sign(&signed)?);
        Ok(AccessToken::new(format!("{signed}.{signature}")))
    }

    /// The content of the access token, if its signature is valid.
    pub(crate) fn open_access(&self, token: UncheckedAccess) -> Option<AccessInfo> {
        let key = self.access.find(&token.key_id)?;
        key.has_signed(&token.signed, &token.signature).then_some(token.info)
    }

    /// Creates a refresh token of the session.
    pub(crate) fn sign_refresh(
        &self,
        session_handle: &str,
        parent_hash1: Option<String>,
        anti_csrf: Option<&AntiCsrfToken>,
    ) -> Result<RefreshToken, ApiError> {
        let info = RefreshInfo {
            session_handle: session_handle.to_owned(),
            parent_hash1,
            anti_csrf: anti_csrf.map(|token| token.reveal().to_owned()),
            nonce: URL_SAFE_NO_PAD.encode(random::bytes::<32>()?),
        };
        Ok(RefreshToken::new(seal(&self.refresh, encode(&info)?)))
    }

    /// The content of the refresh token, if its signature is valid.
    pub(crate) fn open_refresh(&self, token: &RefreshToken) -> Option<RefreshInfo> {
        let (signed, signature) = token.reveal().split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !is_sealed(&self.refresh, signed, &signature) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed).ok()?).ok()
    }
}

/// SHA-256 as text. Other tokens contain hash 1 of a refresh token, and the server stores the hash of hash 1.
pub(crate) fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

fn encode(value: &impl Serialize) -> Result<String, ApiError> {
    let json = serde_json::to_vec(value).map_err(|_| ApiError::Internal)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

fn seal(key: &[u8; 64], signed: String) -> String {
    let mac = mac(key, &signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

fn is_sealed(key: &[u8; 64], signed: &str, signature: &[u8]) -> bool {
    mac(key, signed).verify_slice(signature).is_ok()
}

fn mac(key: &[u8; 64], signed: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new(&(*key).into()).chain_update(signed)
}
