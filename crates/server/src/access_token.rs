//! An access token of the current generation: a JSON Web Token, signed with RS256.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;
use supertokens_session::internal::read_json;

use crate::rs256::{PublicKey, base64url};

/// No header holds more.
const MAX_LEN: usize = 64 * 1024;
/// Tokens before this version have another structure and no key id.
const FIRST_VERSION: u32 = 3;

/// The token as sent, split and decoded. Its signature and its times are unchecked.
pub(crate) struct SentToken<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    header: Header,
    pub(crate) payload: Value,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
    version: Option<String>,
    /// Extensions that a reader has to know. This one knows none.
    crit: Option<Value>,
}

impl<'a> SentToken<'a> {
    /// None if the text doesn't have the structure of a session's access token, such as another kind of token. The
    /// backend SDK ignores such a text too.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_LEN {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&base64url(header)?).ok()?;
        let version =
            header.version.as_deref().map_or(Some(FIRST_VERSION), |version| version.parse().ok())?;
        if header.typ != "JWT" || header.crit.is_some() || version < FIRST_VERSION {
            return None;
        }
        // The same reader as for front tokens, so that equal payloads compare as equal.
        let payload = read_json(std::str::from_utf8(&base64url(payload)?).ok()?)?;
        let token = Self { signed, signature: base64url(signature)?, header, payload };
        token.has_structure(version).then_some(token)
    }

    fn has_structure(&self, version: u32) -> bool {
        let has_texts = |names: &[&str]| names.iter().all(|name| self.text(name).is_some());
        // 0 is the kind of a session. OAuth2's access tokens and id tokens have other kinds, and the same keys.
        self.payload.get("stt").is_none_or(|kind| kind.as_f64() == Some(0.0))
            && has_texts(&["sub", "sessionHandle", "refreshTokenHash1"])
            && (version < 4 || has_texts(&["tId"]))
            && (version < 5 || has_texts(&["rsub"]))
            && self.seconds("exp").is_some()
            && self.seconds("iat").is_some()
    }

    pub(crate) fn key_id(&self) -> &str {
        &self.header.kid
    }

    /// Whether the algorithm is the only one that is trusted. The header could also name `none`, or an algorithm that
    /// takes the public key as a shared secret.
    pub(crate) fn is_rs256(&self) -> bool {
        self.header.alg == "RS256"
    }

    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.has_signed(self.signed, &self.signature)
    }

    /// Whether the issuer is the expected one and the token is valid already.
    pub(crate) fn has_claims(&self, issuer: Option<&str>, now: Duration, leeway: Duration) -> bool {
        issuer.is_none_or(|issuer| self.text("iss") == Some(issuer))
            && self.payload.get("nbf").is_none_or(|nbf| {
                nbf.as_f64().is_some_and(|nbf| since_epoch(nbf) <= now.saturating_add(leeway))
            })
    }

    pub(crate) fn expires_at(&self) -> Duration {
        self.seconds("exp").unwrap_or_default()
    }

    pub(crate) fn issued_at(&self) -> Duration {
        self.seconds("iat").unwrap_or_default()
    }

    /// The claim, if it is a text with content.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        self.payload.get(name)?.as_f64().map(since_epoch)
    }
}

fn since_epoch(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// Now, since the Unix epoch.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
