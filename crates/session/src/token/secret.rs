use std::fmt;

/// An invalid token: it is empty, over 64 KiB, or contains a character that would end a cookie or a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is empty, over 64 KiB, or has characters that no cookie can hold")]
#[non_exhaustive]
pub struct InvalidToken;

const MAX_LEN: usize = 64 * 1024;

/// Cookie octets of RFC 6265, section 4.1.1.
fn is_cookie_safe(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_LEN
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e))
}

/// Not part of the macro, so that it is compiled once.
fn checked(text: &str) -> Result<std::rc::Rc<str>, InvalidToken> {
    if is_cookie_safe(text) { Ok(text.into()) } else { Err(InvalidToken) }
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `Debug` never shows the value.
        ///
        /// ```
        #[doc = concat!("use supertokens_session::", stringify!($name), ";")]
        ///
        #[doc = concat!("let token = ", stringify!($name), "::parse(\"s3cret\").unwrap();")]
        /// assert_eq!(token.reveal(), "s3cret");
        #[doc = concat!("assert_eq!(format!(\"{token:?}\"), \"", stringify!($name), "(..)\");")]
        #[doc = concat!("assert!(", stringify!($name), "::parse(\"a;b\").is_err());")]
        /// ```
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(std::rc::Rc<str>);

        impl $name {
            /// Takes a value as it came from a header or a cookie.
            ///
            /// # Errors
            /// [`InvalidToken`] when no cookie or header could hold it.
            pub fn parse(text: &str) -> Result<Self, InvalidToken> {
                checked(text).map(Self)
            }

            /// The value itself, for a header or a store.
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret! {
    /// The access token of header mode (`st-access-token`).
    AccessToken
}
secret! {
    /// The refresh token of header mode (`st-refresh-token`).
    RefreshToken
}
secret! {
    /// The anti-CSRF token (`anti-csrf` header, `sAntiCsrf` cookie).
    AntiCsrfToken
}
secret! {
    /// The front token as it travels, undecoded (`front-token` header, `sFrontToken` cookie).
    FrontTokenText
}
secret! {
    /// The marker that changes with every update of the session (`st-last-access-token-update`).
    Marker
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn rejects_characters_that_would_end_a_cookie_or_a_header() {
        for bad in ["", "a b", "a;b", "a,b", "a\r\nb", "a\"b", "a\\b", "ü", "\u{7f}"] {
            assert_eq!(AccessToken::parse(bad), Err(InvalidToken), "{bad:?}");
        }
        assert!(AccessToken::parse(&"a".repeat(MAX_LEN + 1)).is_err());
        assert!(FrontTokenText::parse("eyJ1aWQiOiJ1In0+/=").is_ok());
    }
}
