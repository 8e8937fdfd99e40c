//! The tokens: what is in them, how they are signed, how they are read back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::random;
use crate::secret::secret;

secret!(
    /// A signed JWT; whoever has it is signed in until it expires.
    AccessToken
);
secret!(
    /// What new access tokens are had for.
    RefreshToken
);
secret!(
    /// What proves that a request with cookies comes from the app's own pages.
    AntiCsrfToken
);

/// The access token's payload. How much of it a page sees is each generation's own.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessPayload {
    /// The user.
    pub(crate) sub: String,
    /// The user as the login method knows her, which is the same here.
    pub(crate) rsub: String,
    pub(crate) t_id: String,
    /// In seconds, as JWT has it.
    pub(crate) iat: u64,
    pub(crate) exp: u64,
    pub(crate) session_handle: String,
    /// Of the refresh token that came along.
    pub(crate) refresh_token_hash1: String,
    /// Of the refresh token that it was had for, until this access token is used for the first time.
    pub(crate) parent_refresh_token_hash1: Option<String>,
    pub(crate) anti_csrf_token: Option<String>,
    /// Claims and whatever the app put in.
    #[serde(flatten)]
    pub(crate) custom: Map<String, Value>,
}

/// What the JWT's header carries, so that the payload stays just like a real one.
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    version: String,
    kid: String,
    expires_at: u64,
    epoch: u64,
}

/// A whole access token, decoded.
#[derive(Clone)]
pub(crate) struct AccessInfo {
    pub(crate) payload: AccessPayload,
    /// To the millisecond, so that short lifetimes are exact.
    pub(crate) expires_at: u64,
    /// A session's earlier epochs count as expired.
    pub(crate) epoch: u64,
}

/// Something of an access token's form, by whomever it was signed.
pub(crate) struct UncheckedAccess {
    signed: String,
    signature: Vec<u8>,
    info: AccessInfo,
}

impl UncheckedAccess {
    /// `None` for what is no access token at all, such as a bearer token of the app's own.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let payload = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        Some(Self {
            signed: signed.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
            info: AccessInfo { payload, expires_at: header.expires_at, epoch: header.epoch },
        })
    }
}

/// What a refresh token says to the server; to the client it is opaque.
#[derive(Serialize, Deserialize)]
pub(crate) struct RefreshInfo {
    pub(crate) session_handle: String,
    /// Of the refresh token that it was had for; the session's first has none.
    pub(crate) parent_hash1: Option<String>,
    pub(crate) anti_csrf: Option<String>,
    nonce: String,
}

/// Signs tokens and checks them.
pub(crate) struct Keys {
    access: [u8; 64],
    refresh: [u8; 64],
}

impl Keys {
    /// New random keys.
    pub(crate) fn new() -> Result<Self, ApiError> {
        Ok(Self { access: random::bytes()?, refresh: random::bytes()? })
    }

    /// The access token that says this.
    pub(crate) fn sign_access(&self, info: &AccessInfo) -> Result<AccessToken, ApiError> {
        let header = Header {
            alg: "HS256".to_owned(),
            typ: "JWT".to_owned(),
            version: "5".to_owned(),
            kid: "d-1".to_owned(),
            expires_at: info.expires_at,
            epoch: info.epoch,
        };
        let signed = format!("{}.{}", encode(&header)?, encode(&info.payload)?);
        Ok(AccessToken::new(seal(&self.access, signed)))
    }

    /// What the access token says, if it was signed here.
    pub(crate) fn open_access(&self, token: UncheckedAccess) -> Option<AccessInfo> {
        is_sealed(&self.access, &token.signed, &token.signature).then_some(token.info)
    }

    /// A new refresh token of the session.
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

    /// What the refresh token says, if it was signed here.
    pub(crate) fn open_refresh(&self, token: &RefreshToken) -> Option<RefreshInfo> {
        let (signed, signature) = token.reveal().split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !is_sealed(&self.refresh, signed, &signature) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed).ok()?).ok()
    }
}

/// SHA-256 as text: hash 1 of a refresh token travels in other tokens, the hash of that is what the server keeps.
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
