//! The session's tokens: one redacted newtype per token, and the decoded front token.

mod base64;
mod front;
mod id_refresh;
mod secret;

pub(crate) use front::{Fnv, FrontTokenCache};
pub use front::{FrontToken, FrontTokenError};
pub use id_refresh::IdRefreshToken;
pub use secret::{AccessToken, AntiCsrfToken, FrontTokenText, InvalidToken, Marker, RefreshToken};
