//! The names on the wire and in the store, as every SuperTokens SDK spells them.

/// Says what a request is: `anti-csrf` on protected calls, `session` on a refresh.
pub const RID: &str = "rid";
/// The versions of the frontend-driver interface that we speak, on a refresh.
pub const FDI_VERSION: &str = "fdi-version";
/// The value of [`FDI_VERSION`].
pub const FDI_VERSIONS: &str = "1.16,1.17,1.18,1.19,2.0,3.0,3.1,4.0,4.1,4.2";
/// How tokens travel: `cookie` or `header`.
pub const AUTH_MODE: &str = "st-auth-mode";
/// The anti-CSRF token, both ways.
pub const ANTI_CSRF: &str = "anti-csrf";
/// The access or refresh token of header mode, on requests.
pub const AUTHORIZATION: &str = "authorization";
/// The front token, or [`REMOVE`].
pub const FRONT_TOKEN: &str = "front-token";
/// The access token of header mode, on responses.
pub const ACCESS_TOKEN: &str = "st-access-token";
/// The refresh token of header mode, on responses.
pub const REFRESH_TOKEN: &str = "st-refresh-token";
/// The change marker of the older generation: `VALUE;EXPIRY_MS`, or [`REMOVE`].
pub const ID_REFRESH_TOKEN: &str = "id-refresh-token";
/// The value of [`FRONT_TOKEN`] or [`ID_REFRESH_TOKEN`] that ends a session.
pub const REMOVE: &str = "remove";
/// When a refused call may be sent again, in seconds. Cross-origin the API must expose it.
pub const RETRY_AFTER: &str = "retry-after";
/// A URL that contains this is left alone.
pub const DO_NOT_INTERCEPT: &str = "superTokensDoNotDoInterception";

/// Where the front token is stored.
pub const FRONT_TOKEN_KEY: &str = "sFrontToken";
/// Where the change marker is stored.
pub const MARKER_KEY: &str = "st-last-access-token-update";
/// Where the older generation's change marker is stored: its value, or [`REMOVE`].
pub const ID_REFRESH_TOKEN_KEY: &str = "sIRTFrontend";
/// Where the anti-CSRF token is stored.
pub const ANTI_CSRF_KEY: &str = "sAntiCsrf";
/// Where header mode's access token is stored.
pub const ACCESS_TOKEN_KEY: &str = "st-access-token";
/// Where header mode's refresh token is stored.
pub const REFRESH_TOKEN_KEY: &str = "st-refresh-token";
/// Where the clock skew (ms) is stored in localStorage, shared with the JavaScript SDK.
pub const CLOCK_SKEW_KEY: &str = "__st_clockSkewInMillis";
/// Where the API that the session belongs to is stored. No other SDK knows it.
pub const OWNER_KEY: &str = "st-session-owner";
/// Where the time is stored until which no refresh is sent. No other SDK knows it.
pub const BACKOFF_KEY: &str = "st-refresh-backoff";
/// Where a refresh under way is stored that pages of other origins have to wait for. No other SDK knows it.
pub const LEASE_KEY: &str = "st-refresh-lease";
