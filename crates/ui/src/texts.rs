//! The texts of the default views. An app replaces a view to change them.

/// A guard denies access.
pub const NO_ACCESS: &str = "You don't have access to this page.";

/// The backend does not respond.
pub const NOT_RESPONDING: &str = "The server is not responding. You may still be signed in.";

/// The button below [`NOT_RESPONDING`].
pub const TRY_AGAIN: &str = "Try again";
