//! The names in requests, responses and the store. All SuperTokens SDKs use them.

/// The kind of a request: `anti-csrf` for API requests, `session` for a refresh.
pub const RID: &str = "rid";
/// The supported versions of the frontend-driver interface, in a refresh.
pub const FDI_VERSION: &str = "fdi-version";
/// The value of [`FDI_VERSION`].
pub const FDI_VERSIONS: &str = "1.16,1.17,1.18,1.19,2.0,3.0,3.1,4.0,4.1,4.2";
/// How tokens are sent: `cookie` or `header`.
pub const AUTH_MODE: &str = "st-auth-mode";
/// The anti-CSRF token, in requests and responses.
pub const ANTI_CSRF: &str = "anti-csrf";
/// The access or refresh token of header mode, in requests.
pub const AUTHORIZATION: &str = "authorization";
/// The front token, or [`REMOVE`].
pub const FRONT_TOKEN: &str = "front-token";
/// The access token of header mode, in responses.
pub const ACCESS_TOKEN: &str = "st-access-token";
/// The refresh token of header mode, in responses.
pub const REFRESH_TOKEN: &str = "st-refresh-token";
/// The change marker of the older generation: `VALUE;EXPIRY_MS`, or [`REMOVE`].
pub const ID_REFRESH_TOKEN: &str = "id-refresh-token";
/// The value of [`FRONT_TOKEN`] or [`ID_REFRESH_TOKEN`] that ends a session.
pub const REMOVE: &str = "remove";
/// The delay before a retry, in seconds. An API on another origin must expose this header.
pub const RETRY_AFTER: &str = "retry-after";
/// URLs that contain this text are never API URLs.
pub const DO_NOT_INTERCEPT: &str = "superTokensDoNotDoInterception";

/// The key of the front token.
pub const FRONT_TOKEN_KEY: &str = "sFrontToken";
/// The key of the change marker.
pub const MARKER_KEY: &str = "st-last-access-token-update";
/// The key of the older generation's change marker: its value, or [`REMOVE`].
pub const ID_REFRESH_TOKEN_KEY: &str = "sIRTFrontend";
/// The key of the anti-CSRF token.
pub const ANTI_CSRF_KEY: &str = "sAntiCsrf";
/// The key of header mode's access token.
pub const ACCESS_TOKEN_KEY: &str = "st-access-token";
/// The key of header mode's refresh token.
pub const REFRESH_TOKEN_KEY: &str = "st-refresh-token";
/// The key of the clock skew (ms) in localStorage, shared with the JavaScript SDK.
pub const CLOCK_SKEW_KEY: &str = "__st_clockSkewInMillis";
/// The key of the API that the session belongs to. Other SDKs don't know it.
pub const OWNER_KEY: &str = "st-session-owner";
/// The key of the refresh backoff. Other SDKs don't know it.
pub const BACKOFF_KEY: &str = "st-refresh-backoff";
/// The key of the refresh lease for pages of other origins. Other SDKs don't know it.
pub const LEASE_KEY: &str = "st-refresh-lease";
