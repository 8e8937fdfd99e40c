use super::{InvalidToken, Marker};
use crate::wire::{json, names::REMOVE};

/// The change marker of the older protocol generation (`id-refresh-token`, stored as `sIRTFrontend`).
///
/// Its value only changes at every refresh, and has no other meaning. It expires with the session.
///
/// ```
/// use supertokens_session::IdRefreshToken;
///
/// let token = IdRefreshToken::from_header("5ba0c2;1700000000000").unwrap();
/// assert_eq!(token.text(), "5ba0c2");
/// assert_eq!(token.expires_at_ms(), Some(1_700_000_000_000));
/// assert_eq!(IdRefreshToken::from_header("remove").unwrap(), IdRefreshToken::Removed);
/// assert!(IdRefreshToken::from_header("5ba0c2;soon").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdRefreshToken {
    /// The session has ended.
    Removed,
    /// There is a session.
    Current {
        /// Changes at every refresh.
        value: Marker,
        /// When the session ends, in ms since the epoch by the server's clock; none for a stored marker.
        expires_at_ms: Option<i64>,
    },
}

impl IdRefreshToken {
    /// Parses the header: `VALUE;EXPIRY_MS` or `remove`.
    ///
    /// # Errors
    /// [`InvalidToken`] for any other text.
    pub fn from_header(text: &str) -> Result<Self, InvalidToken> {
        match text.rsplit_once(';') {
            None => Self::from_store(text),
            Some((value, expiry)) => Ok(Self::Current {
                value: Marker::parse(value)?,
                expires_at_ms: Some(json::integer(expiry, 1).ok_or(InvalidToken)?),
            }),
        }
    }

    /// Parses a stored marker: the value without its expiry, or `remove`.
    ///
    /// # Errors
    /// [`InvalidToken`] if no cookie could hold it.
    pub fn from_store(text: &str) -> Result<Self, InvalidToken> {
        if text == REMOVE {
            return Ok(Self::Removed);
        }
        Ok(Self::Current { value: Marker::parse(text)?, expires_at_ms: None })
    }

    /// The text for the store: the value without its expiry, or `remove`.
    pub fn text(&self) -> &str {
        match self {
            Self::Removed => REMOVE,
            Self::Current { value, .. } => value.reveal(),
        }
    }

    /// The marker without its expiry, as a store returns it.
    pub fn without_expiry(&self) -> Self {
        match self {
            Self::Removed => Self::Removed,
            Self::Current { value, .. } => Self::Current { value: value.clone(), expires_at_ms: None },
        }
    }

    /// When the session ends, if known.
    pub fn expires_at_ms(&self) -> Option<i64> {
        match self {
            Self::Removed => None,
            Self::Current { expires_at_ms, .. } => *expires_at_ms,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn parses_headers_and_stored_values() {
        let current = |value: &str, expires_at_ms| {
            Ok(IdRefreshToken::Current { value: Marker::parse(value).unwrap(), expires_at_ms })
        };
        assert_eq!(IdRefreshToken::from_header("a-b;5"), current("a-b", Some(5)));
        assert_eq!(IdRefreshToken::from_header("a-b"), current("a-b", None));
        assert_eq!(IdRefreshToken::from_store("a-b"), current("a-b", None));
        assert_eq!(IdRefreshToken::from_store("remove"), Ok(IdRefreshToken::Removed));
        for (expiry, ms) in [(" 5 ", 5), ("5.0", 5), ("1.7e12", 1_700_000_000_000)] {
            assert_eq!(IdRefreshToken::from_header(&format!("a-b;{expiry}")), current("a-b", Some(ms)));
        }
        for bad in ["", ";5", "a;", "a;b", "a;\"5\"", "a;b;5", "a b;5", "a;99999999999999999999", "a;1e999"] {
            assert_eq!(IdRefreshToken::from_header(bad), Err(InvalidToken), "{bad:?}");
        }
    }
}
