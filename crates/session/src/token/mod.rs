//! The session's tokens: a redacted newtype each, and the decoded front token.

mod front;
mod secret;

pub(crate) use front::FrontTokenCache;
pub use front::{FrontToken, FrontTokenError};
pub use secret::{AccessToken, AntiCsrfToken, FrontTokenText, InvalidToken, Marker, RefreshToken};
