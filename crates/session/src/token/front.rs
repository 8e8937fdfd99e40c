use std::{
    any::Any,
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{FrontTokenText, base64};
use crate::{
    timing::since_epoch,
    wire::json::{self, Fields},
};

/// The decoded front token: the session data that the backend sends to the page.
///
/// It is not signed. Use it only for display: your API must enforce access.
///
/// Cloning is cheap. Two tokens are equal if all their fields are written in the same way.
///
/// ```
/// use std::time::Duration;
/// use supertokens_session::FrontToken;
///
/// // {"uid":"u1","ate":1700000000000,"up":{"role":"admin"}}
/// let token = FrontToken::decode("eyJ1aWQiOiJ1MSIsImF0ZSI6MTcwMDAwMDAwMDAwMCwidXAiOnsicm9sZSI6ImFkbWluIn19").unwrap();
/// assert_eq!(token.user_id(), "u1");
/// assert_eq!(token.expires_at(), Duration::from_secs(1_700_000_000));
/// assert_eq!(token.payload()["role"], "admin");
///
/// assert!(FrontToken::decode("not base64!").is_err());
/// ```
#[derive(Clone)]
pub struct FrontToken(Arc<Parts>);

struct Parts {
    uid: String,
    ate: i64,
    /// `up`, as JSON text.
    up: String,
    session_handle: Option<String>,
    iat_ms: Option<i64>,
    /// A parsed copy of `up`. Any type, so that only apps that read the payload link the code of a JSON tree.
    payload: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl FrontToken {
    /// Decodes standard base64 of UTF-8 JSON `{ "uid", "ate", "up" }`.
    ///
    /// It accepts everything that browsers accept: base64 like `atob` (padding is optional, white space is ignored),
    /// and JSON like `JSON.parse`. A number may have any notation, such as `1.7e12`; `ate` is rounded down to a whole
    /// ms.
    ///
    /// It replaces three things that JavaScript supports and Rust does not. Half a surrogate pair becomes U+FFFD, a
    /// number too large for `f64` becomes the largest `f64`, and values below 127 levels become `null`.
    ///
    /// # Errors
    /// [`FrontTokenError`] with the step or the field that is wrong.
    pub fn decode(text: &str) -> Result<Self, FrontTokenError> {
        if text.len() > MAX_TEXT_LEN {
            return Err(FrontTokenError::TooLong);
        }
        let bytes = base64::decode(text).ok_or(FrontTokenError::Base64)?;
        Self::from_json(std::str::from_utf8(&bytes).map_err(|_| FrontTokenError::Utf8)?)
    }

    /// Reads the JSON `{ "uid", "ate", "up" }`, as [`to_json`](Self::to_json) writes it.
    #[doc(hidden)]
    pub fn from_json(text: &str) -> Result<Self, FrontTokenError> {
        let fields = Fields::read(text).ok_or(FrontTokenError::Json)?;
        let field = |field| fields.get(field).ok_or(FrontTokenError::MissingField { field });
        let wrong_type = |field| FrontTokenError::WrongType { field };
        let (uid, ate, up) = (field("uid")?, field("ate")?, field("up")?);
        let uid = json::string(uid).ok_or(wrong_type("uid"))?;
        let ate = json::nearest_integer(ate).ok_or(wrong_type("ate"))?;
        let known = Fields::read(up).ok_or(wrong_type("up"))?;
        Ok(Self(Arc::new(Parts {
            uid,
            ate,
            up: up.to_owned(),
            session_handle: known.string("sessionHandle"),
            iat_ms: known.get("iat").and_then(|iat| json::integer(iat, 1000)),
            payload: OnceLock::new(),
        })))
    }

    /// The JSON `{ "uid", "ate", "up" }`. A server embeds it in a page.
    #[doc(hidden)]
    pub fn to_json(&self) -> String {
        let Parts { uid, ate, up, .. } = &*self.0;
        format!(r#"{{"uid":{},"ate":{ate},"up":{up}}}"#, Value::from(uid.as_str()))
    }

    /// A token of which only the payload counts.
    pub(crate) fn with_payload(payload: Value) -> Self {
        let payload: Box<dyn Any + Send + Sync> = Box::new(payload);
        Self(Arc::new(Parts {
            uid: String::new(),
            ate: 0,
            up: String::new(),
            session_handle: None,
            iat_ms: None,
            payload: payload.into(),
        }))
    }

    /// The user's id (`uid`).
    pub fn user_id(&self) -> &str {
        &self.0.uid
    }

    /// When the access token expires (`ate`), since the Unix epoch, by the server's clock.
    pub fn expires_at(&self) -> Duration {
        since_epoch(self.0.ate)
    }

    /// The access token's payload (`up`), always a JSON object.
    pub fn payload(&self) -> &Value {
        let payload = self.0.payload.get_or_init(|| Box::new(json::read(&self.0.up).unwrap_or_default()));
        payload.downcast_ref().unwrap_or(&Value::Null)
    }

    /// The payload as JSON text.
    pub(crate) fn payload_text(&self) -> &str {
        &self.0.up
    }

    /// The payload as a type of the app.
    ///
    /// # Errors
    /// [`FrontTokenError::Payload`] if the payload does not match `T`.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T, FrontTokenError> {
        T::deserialize(self.payload()).map_err(|_| FrontTokenError::Payload)
    }

    /// The session's handle (`up.sessionHandle`); older backends send none.
    pub fn session_handle(&self) -> Option<&str> {
        self.0.session_handle.as_deref()
    }

    /// When the access token was issued (`up.iat`), since the Unix epoch, by the server's clock; older backends don't
    /// say it.
    pub fn issued_at(&self) -> Option<Duration> {
        self.issued_at_ms().map(since_epoch)
    }

    /// [`expires_at`](Self::expires_at) in ms, as the backend sent it: it may be negative.
    #[doc(hidden)]
    pub fn expires_at_ms(&self) -> i64 {
        self.0.ate
    }

    /// [`issued_at`](Self::issued_at) in ms, as the backend sent it: it may be negative.
    #[doc(hidden)]
    pub fn issued_at_ms(&self) -> Option<i64> {
        self.0.iat_ms
    }

    /// A hash that differs between front tokens, and contains none of their data.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::new();
        hash.add_number(self.0.ate as u64);
        hash.add_text(&self.0.uid);
        hash.add_text(&self.0.up);
        hash.0
    }
}

// A fast path: both are usually clones of the cached token.
impl PartialEq for FrontToken {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (&*self.0, &*other.0);
        Arc::ptr_eq(&self.0, &other.0) || (one.ate, &one.uid, &one.up) == (two.ate, &two.uid, &two.up)
    }
}

impl fmt::Debug for FrontToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The payload may contain personal data, so logs must not contain it.
        f.debug_struct("FrontToken").field("expires_at_ms", &self.0.ate).finish_non_exhaustive()
    }
}

/// Why a front token can't be decoded. The fault of the backend, of a proxy, or of the script that wrote the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontTokenError {
    /// Over 64 KiB of text.
    #[error("the front token is over 64 KiB: reduce the access token's payload")]
    TooLong,
    /// The header has several different values.
    #[error("the `front-token` header has different values: let either the backend or a proxy set it")]
    Ambiguous,
    /// Not base64.
    #[error("the front token is not base64: check what changes the header or the cookie")]
    Base64,
    /// The decoded base64 is not UTF-8.
    #[error("the front token is not UTF-8: check what changes the header or the cookie")]
    Utf8,
    /// The decoded text is not a JSON object.
    #[error("the front token is not a JSON object: check that the backend runs a SuperTokens SDK")]
    Json,
    /// A field is missing.
    #[error("the front token has no field `{field}`: check that the backend runs a SuperTokens SDK")]
    MissingField {
        /// The field's name on the wire.
        field: &'static str,
    },
    /// A field has the wrong JSON type.
    #[error("the front token's `{field}` has the wrong type: check that the backend runs a SuperTokens SDK")]
    WrongType {
        /// The field's name on the wire.
        field: &'static str,
    },
    /// The payload does not match the requested type.
    #[error("the access token's payload does not match the requested type")]
    Payload,
}

/// FNV-1a: small, and the same in every tab.
pub(crate) struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn of_text(text: &str) -> u64 {
        let mut hash = Self::new();
        hash.add_text(text);
        hash.0
    }

    fn add_text(&mut self, text: &str) {
        self.add_bytes(b"s");
        self.add_number(text.len() as u64);
        self.add_bytes(text.as_bytes());
    }

    fn add_number(&mut self, number: u64) {
        self.add_bytes(&number.to_le_bytes());
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

const MAX_TEXT_LEN: usize = 64 * 1024;

/// Caches the last decoded front token, because every request and signal reads it.
#[derive(Default)]
pub(crate) struct FrontTokenCache(std::cell::RefCell<Option<(FrontTokenText, Decoded)>>);

type Decoded = Result<FrontToken, FrontTokenError>;

impl FrontTokenCache {
    pub(crate) fn decode(&self, text: &FrontTokenText) -> Decoded {
        let mut cached = self.0.borrow_mut();
        if let Some((known, decoded)) = &*cached
            && known == text
        {
            return decoded.clone();
        }
        let decoded = FrontToken::decode(text.reveal());
        *cached = Some((text.clone(), decoded.clone()));
        decoded
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use ::base64::{
        Engine,
        prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
    };

    use super::*;

    fn encode(json: &str) -> String {
        BASE64_STANDARD.encode(json)
    }

    #[test]
    fn decodes_with_and_without_padding_and_non_ascii_text() {
        let json = r#"{"uid":"ü","ate":5,"up":{"iat":7,"sessionHandle":"h","name":"日本"}}"#;
        for text in [encode(json), BASE64_STANDARD_NO_PAD.encode(json)] {
            let token = FrontToken::decode(&text).unwrap();
            assert_eq!(token.user_id(), "ü");
            assert_eq!(token.expires_at_ms(), 5);
            assert_eq!(token.issued_at_ms(), Some(7000));
            assert_eq!(token.session_handle(), Some("h"));
            assert_eq!(token.payload()["name"], "日本");
        }
    }

    #[test]
    fn the_error_names_the_wrong_step_or_field() {
        use FrontTokenError::*;
        let cases = [
            ("%%%".to_owned(), Base64),
            (BASE64_STANDARD.encode([0xff, 0xfe]), Utf8),
            (encode("[1]"), Json),
            (encode("{"), Json),
            (encode(r#"{"ate":1,"up":{}}"#), MissingField { field: "uid" }),
            (encode(r#"{"uid":"u","up":{}}"#), MissingField { field: "ate" }),
            (encode(r#"{"uid":"u","ate":1}"#), MissingField { field: "up" }),
            (encode(r#"{"uid":1,"ate":1,"up":{}}"#), WrongType { field: "uid" }),
            (encode(r#"{"uid":"u","ate":"1","up":{}}"#), WrongType { field: "ate" }),
            (encode(r#"{"uid":"u","ate":null,"up":{}}"#), WrongType { field: "ate" }),
            (encode(r#"{"uid":"u","ate":1,"up":[]}"#), WrongType { field: "up" }),
            ("a".repeat(MAX_TEXT_LEN + 1), TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(FrontToken::decode(&text).unwrap_err(), error);
        }
    }

    #[test]
    fn debug_output_contains_no_payload() {
        let token = FrontToken::decode(&encode(r#"{"uid":"u-1","ate":1,"up":{"mail":"a@b.c"}}"#)).unwrap();
        let shown = format!("{token:?}");
        assert!(!shown.contains("a@b.c") && !shown.contains("u-1"), "{shown}");
    }

    #[test]
    fn different_front_tokens_have_different_fingerprints() {
        let payloads = [
            "{}",
            r#"{"a":null}"#,
            r#"{"a":false}"#,
            r#"{"a":true}"#,
            r#"{"a":1}"#,
            r#"{"a":1.5}"#,
            r#"{"a":-1}"#,
            r#"{"a":18446744073709551615}"#,
            r#"{"a":"1"}"#,
            r#"{"a":["1"]}"#,
            r#"{"a":[["1"]]}"#,
            r#"{"a":["1","2"]}"#,
            r#"{"a":["12"]}"#,
            r#"{"a":{"1":"2"}}"#,
            r#"{"a":"1","b":1}"#,
            r#"{"ab":1,"b":1}"#,
        ];
        let texts = payloads.map(|up| format!(r#"{{"uid":"u","ate":1,"up":{up}}}"#));
        let others = [r#"{"uid":"v","ate":1,"up":{}}"#, r#"{"uid":"u","ate":2,"up":{}}"#];
        let all = texts.iter().map(String::as_str).chain(others);
        let mut prints: Vec<_> =
            all.map(|json| FrontToken::decode(&encode(json)).unwrap().fingerprint()).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), payloads.len() + others.len());
    }

    #[test]
    fn the_cache_decodes_a_changed_text_again() {
        let cache = FrontTokenCache::default();
        for uid in ["a", "a", "b"] {
            let text =
                FrontTokenText::parse(&encode(&format!(r#"{{"uid":"{uid}","ate":1,"up":{{}}}}"#))).unwrap();
            assert_eq!(cache.decode(&text).unwrap().user_id(), uid);
        }
    }
}
