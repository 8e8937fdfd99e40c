use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{FrontTokenText, base64};
use crate::wire::json;

/// The decoded front token: the session data that the backend sends to the page.
///
/// It is not signed. Use it only for display: your API must enforce access.
///
/// Cloning is cheap. Two tokens are equal if all their fields are.
///
/// ```
/// use supertokens_session::FrontToken;
///
/// // {"uid":"u1","ate":1700000000000,"up":{"role":"admin"}}
/// let token = FrontToken::decode("eyJ1aWQiOiJ1MSIsImF0ZSI6MTcwMDAwMDAwMDAwMCwidXAiOnsicm9sZSI6ImFkbWluIn19").unwrap();
/// assert_eq!(token.user_id(), "u1");
/// assert_eq!(token.expires_at_ms(), 1_700_000_000_000);
/// assert_eq!(token.payload()["role"], "admin");
///
/// assert!(FrontToken::decode("not base64!").is_err());
/// ```
#[derive(Clone)]
pub struct FrontToken(Arc<Parts>);

#[derive(PartialEq)]
struct Parts {
    uid: String,
    ate: i64,
    up: Value,
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
        let text = std::str::from_utf8(&bytes).map_err(|_| FrontTokenError::Utf8)?;
        let Some(Value::Object(mut fields)) = json::read(text) else {
            return Err(FrontTokenError::Json);
        };
        Ok(Self(Arc::new(Parts {
            uid: match take(&mut fields, "uid")? {
                Value::String(uid) => uid,
                _ => return Err(FrontTokenError::WrongType { field: "uid" }),
            },
            ate: json::nearest_integer(&take(&mut fields, "ate")?)
                .ok_or(FrontTokenError::WrongType { field: "ate" })?,
            up: match take(&mut fields, "up")? {
                up @ Value::Object(_) => up,
                _ => return Err(FrontTokenError::WrongType { field: "up" }),
            },
        })))
    }

    /// The user's id (`uid`).
    pub fn user_id(&self) -> &str {
        &self.0.uid
    }

    /// When the access token expires, in ms since the epoch, by the server's clock (`ate`).
    pub fn expires_at_ms(&self) -> i64 {
        self.0.ate
    }

    /// The access token's payload (`up`), always a JSON object.
    pub fn payload(&self) -> &Value {
        &self.0.up
    }

    /// The payload as a type of the app.
    ///
    /// # Errors
    /// [`FrontTokenError::Payload`] if the payload does not match `T`.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T, FrontTokenError> {
        T::deserialize(&self.0.up).map_err(|_| FrontTokenError::Payload)
    }

    /// The session's handle (`up.sessionHandle`); older backends send none.
    pub fn session_handle(&self) -> Option<&str> {
        self.0.up.get("sessionHandle")?.as_str()
    }

    /// When the access token was issued (`up.iat`), in ms since the epoch, by the server's clock.
    pub fn issued_at_ms(&self) -> Option<i64> {
        json::integer(self.0.up.get("iat")?, 1000)
    }

    /// A hash that differs between front tokens, and contains none of their data.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::new();
        hash.add_number(self.0.ate as u64);
        hash.add_text(&self.0.uid);
        hash.add(&self.0.up);
        hash.0
    }
}

// A fast path: both are usually clones of the cached token.
impl PartialEq for FrontToken {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
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

// Hashes the values directly: a JSON serializer would be large, and few apps need one.
impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn of_text(text: &str) -> u64 {
        let mut hash = Self::new();
        hash.add_text(text);
        hash.0
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Null => self.add_bytes(b"0"),
            Value::Bool(false) => self.add_bytes(b"f"),
            Value::Bool(true) => self.add_bytes(b"t"),
            Value::Number(number) => {
                self.add_bytes(b"n");
                let fraction = || number.as_f64().unwrap_or_default().to_bits();
                self.add_number(number.as_i64().map_or_else(fraction, |whole| whole as u64));
            }
            Value::String(text) => self.add_text(text),
            Value::Array(values) => {
                self.add_bytes(b"[");
                values.iter().for_each(|value| self.add(value));
                self.add_bytes(b"]");
            }
            Value::Object(fields) => {
                self.add_bytes(b"{");
                for (name, value) in fields {
                    self.add_text(name);
                    self.add(value);
                }
                self.add_bytes(b"}");
            }
        }
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

fn take(fields: &mut Map<String, Value>, field: &'static str) -> Result<Value, FrontTokenError> {
    json::take(fields, field).ok_or(FrontTokenError::MissingField { field })
}

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
        let spaced = encode(r#" { "ate" : 1, "up": {"b":[1], "a":2.5},"uid":"u" }"#);
        let plain = encode(r#"{"uid":"u","ate":1,"up":{"a":2.5,"b":[1]}}"#);
        let print = |text: &str| FrontToken::decode(text).unwrap().fingerprint();
        assert_eq!(print(&spaced), print(&plain));
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
