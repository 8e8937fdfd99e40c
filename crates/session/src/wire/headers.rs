//! Request headers. The setters check them, so a transport never gets an invalid header.

/// The headers of a request, in order, with lower-case names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, HeaderValue)>);

impl Headers {
    /// No headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Headers with these names and values. The last value of a name counts.
    ///
    /// ```
    /// use supertokens_session::{HeaderError, Headers};
    ///
    /// let headers = Headers::from_pairs([("X-Tenant", "a"), ("accept", "application/json")])?;
    /// assert_eq!(headers.get("x-tenant"), Some("a"));
    /// assert_eq!(Headers::from_pairs([("x tenant", "a")]), Err(HeaderError::Name));
    /// # Ok::<(), HeaderError>(())
    /// ```
    ///
    /// # Errors
    /// [`HeaderError`] if a name is not an HTTP token, or a value has a character that no header can hold.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, HeaderError> {
        let mut headers = Self::new();
        pairs.into_iter().try_for_each(|(name, value)| headers.set(name, value))?;
        Ok(headers)
    }

    /// Sets a header, and replaces any header with that name.
    ///
    /// # Errors
    /// [`HeaderError`] if the name is not an HTTP token, or the value has a character that no header can hold.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), HeaderError> {
        if !is_token(name) {
            return Err(HeaderError::Name);
        }
        if !is_value(value) {
            return Err(HeaderError::Value);
        }
        self.put(&name.to_ascii_lowercase(), value);
        Ok(())
    }

    /// The value of a header. The name's case is ignored.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.0.as_str())
    }

    /// All names and values, in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.0.as_str()))
    }

    /// Removes a header. The name's case is ignored.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Like [`set`](Self::set), for valid names and values.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = HeaderValue(value.to_owned()),
            None => self.0.push((name.to_owned(), HeaderValue(value.to_owned()))),
        }
    }
}

/// A value that may be a secret.
#[derive(Clone, PartialEq, Eq)]
struct HeaderValue(String);

impl std::fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

/// An invalid header. The caller's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// The name is empty or has a character that is not allowed.
    #[error("the header's name is invalid: use letters, digits and hyphens")]
    Name,
    /// The value has a character that no header can hold (a line break, a control character, one beyond Latin-1), or
    /// white space at an end.
    #[error("the header's value has characters that no header can hold, or white space at its ends")]
    Value,
}

/// Whether a text can be the name of a header or a method.
pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn is_value(value: &str) -> bool {
    value.chars().all(|c| matches!(c, '\t' | ' '..='~' | '\u{a0}'..='\u{ff}')) && value.trim() == value
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn set_replaces_and_get_finds_in_any_case() {
        let mut headers = Headers::new();
        headers.set("X-One", "1").unwrap();
        headers.set("x-one", "2").unwrap();
        assert_eq!(headers.get("X-ONE"), Some("2"));
        assert_eq!(headers.iter().count(), 1);
    }

    #[test]
    fn rejects_headers_that_would_throw_in_a_browser() {
        let mut headers = Headers::new();
        for name in ["", "a b", "a:", "ä", "a\n"] {
            assert_eq!(headers.set(name, "v"), Err(HeaderError::Name), "{name:?}");
        }
        for value in ["a\r\nb: c", "a\0", "日", " a", "a\t"] {
            assert_eq!(headers.set("n", value), Err(HeaderError::Value), "{value:?}");
        }
    }

    #[test]
    fn debug_output_contains_no_header_value() {
        let mut headers = Headers::new();
        headers.set("authorization", "Bearer s3cret").unwrap();
        assert!(!format!("{headers:?}").contains("s3cret"));
    }
}
