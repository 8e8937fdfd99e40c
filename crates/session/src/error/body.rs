use std::{fmt, sync::Arc};

/// The beginning of an error response's body, as text. Cheap to clone.
///
/// The body may contain personal data, so neither `Debug` nor the error's message shows it. Log [`text`](Self::text)
/// only where that is allowed.
///
/// ```
/// use supertokens_session::ErrorBody;
///
/// let body = ErrorBody::new(br#"{"message":"the database is down"}"#).unwrap();
/// assert_eq!(body.text(), r#"{"message":"the database is down"}"#);
/// assert_eq!(format!("{body:?}"), "ErrorBody(34 bytes)");
/// assert_eq!(ErrorBody::new(b""), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorBody(Arc<str>);

impl ErrorBody {
    /// The maximum length of the text, in bytes of the body.
    pub const MAX_BYTES: usize = 8 * 1024;

    /// The first [`MAX_BYTES`](Self::MAX_BYTES) of a body; none if the body is empty. Bytes that are not UTF-8 become
    /// U+FFFD.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let first = bytes.get(..Self::MAX_BYTES);
        let text = String::from_utf8_lossy(first.unwrap_or(bytes));
        // Removes a character that the limit has split.
        let text = if first.is_some() { text.trim_end_matches('\u{FFFD}') } else { &text };
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorBody({} bytes)", self.0.len())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_ends_after_a_whole_character() {
        // One byte and then two per character, so the limit splits a character.
        let long = format!("x{}", "é".repeat(ErrorBody::MAX_BYTES));
        let body = ErrorBody::new(long.as_bytes()).unwrap();
        assert_eq!(body.text().len(), ErrorBody::MAX_BYTES - 1);
        assert!(long.starts_with(body.text()));
    }

    #[test]
    fn a_body_of_exactly_the_limit_is_not_cut() {
        let whole = "y".repeat(ErrorBody::MAX_BYTES);
        assert_eq!(ErrorBody::new(whole.as_bytes()).unwrap().text(), whole);
    }

    #[test]
    fn invalid_utf8_and_a_byte_order_mark_are_decoded_as_in_browsers() {
        assert_eq!(ErrorBody::new(b"a\xFFb").unwrap().text(), "a\u{FFFD}b");
        assert_eq!(ErrorBody::new(b"\xEF\xBB\xBF{}").unwrap().text(), "{}");
        assert_eq!(ErrorBody::new(b"\xEF\xBB\xBF"), None);
    }
}
