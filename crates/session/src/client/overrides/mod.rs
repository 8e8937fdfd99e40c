//! App overrides: hooks around the client's calls, and functions that replace the client's.

mod linked;
mod original;

use std::future::ready;

use serde_json::Value;

pub(crate) use linked::AppOverrides;
pub use linked::global_requirement;
pub use original::Original;

use crate::{
    SessionResponse,
    client::claims::Validator,
    error::SessionError,
    platform::{LocalBoxFuture, TransportRequest, TransportResponse},
    protocol::ApiAction,
    token::{AccessToken, FrontToken},
    wire::url::Url,
};

/// The app's hooks and functions. Each method has a default that changes nothing: implement only those that you need.
///
/// A function receives the [`Original`], which calls the client's own version. It replaces the method of the same name
/// on [`SessionClient`](crate::SessionClient), and nothing else. For example, the client's requests don't call
/// [`refresh`](Self::refresh).
///
/// No method runs while the client holds the lock that all tabs share.
///
/// ```
/// use supertokens_session::{
///     ApiAction, Original, Overrides, SessionError,
///     platform::{LocalBoxFuture, TransportRequest},
/// };
///
/// struct Tenant(String);
///
/// impl Overrides for Tenant {
///     fn before_api_call<'a>(
///         &'a self,
///         action: ApiAction,
///         request: &'a mut TransportRequest,
///     ) -> LocalBoxFuture<'a, ()> {
///         Box::pin(async move {
///             if action == ApiAction::RefreshSession
///                 && let Err(error) = request.headers.set("x-tenant", &self.0)
///             {
///                 log::warn!("the tenant's name can't be sent: {error}");
///             }
///         })
///     }
///
///     fn sign_out<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<(), SessionError>> {
///         Box::pin(async move {
///             let outcome = original.sign_out().await;
///             // Here the app clears its cached user data.
///             outcome
///         })
///     }
/// }
/// ```
pub trait Overrides {
    /// Called before the client sends a refresh or sign-out call. It may change the call's URL, method, headers, body
    /// and credentials (`preAPIHook`).
    ///
    /// The request carries no token yet; the client replaces a header that has a token's name. If the changed URL is
    /// outside the API ([`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url)), the call fails with
    /// [`SessionError::HookLeftApi`], and the client sends nothing.
    ///
    /// - A refresh calls the hook before it waits for the lock that all tabs share. If another tab refreshes meanwhile,
    ///   no call follows. If a response has no front token and the client retries the call, the hook's request is
    ///   reused.
    /// - A sign-out calls the hook once, also if the client retries the sign-out call after a refresh.
    /// - The client waits for the hook, for at most [`refresh_timeout`](crate::SessionConfigBuilder::refresh_timeout).
    ///   After that time the call fails as timed out. During a refresh, an API request of the hook must use
    ///   [`without_session`](crate::RequestBuilder::without_session). With the session, it would wait for the refresh
    ///   that waits for the hook.
    #[doc(alias = "preAPIHook")]
    fn before_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a mut TransportRequest,
    ) -> LocalBoxFuture<'a, ()> {
        let _ = (action, request);
        Box::pin(ready(()))
    }

    /// Called with the response of a refresh or sign-out call (`postAPIHook`). The request is the one that
    /// [`before_api_call`](Self::before_api_call) returned, without tokens. The response's headers may contain tokens,
    /// so don't log them; [`peek`](TransportResponse::peek) reads a copy of the body.
    ///
    /// The client calls it last, after it has stored the session and called the listeners. No caller waits for it after
    /// a refresh. The caller of a sign-out waits for at most
    /// [`refresh_timeout`](crate::SessionConfigBuilder::refresh_timeout); then the client drops the hook. The hook may
    /// send API requests with the session.
    #[doc(alias = "postAPIHook")]
    fn after_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a TransportRequest,
        response: &'a dyn TransportResponse,
    ) -> LocalBoxFuture<'a, ()> {
        let _ = (action, request, response);
        Box::pin(ready(()))
    }

    /// Called with the outcome of each API request, from the client or intercepted from the page. Use it for logs,
    /// metrics or a message to the user. For refresh and sign-out calls there is
    /// [`after_api_call`](Self::after_api_call).
    ///
    /// The request is the caller's, without the session's tokens; an intercepted request has no body.
    /// [`session_error`](SessionResponse::session_error) says why a response is a final 401. Response headers may
    /// contain tokens, so don't log them.
    ///
    /// The client calls it once per request, after all retries and just before the caller gets the outcome. Return
    /// quickly, and spawn longer work. A request whose future is dropped has no outcome.
    ///
    /// ```
    /// use supertokens_session::{Overrides, SessionError, SessionResponse, platform::TransportRequest};
    ///
    /// struct ErrorLog;
    ///
    /// impl Overrides for ErrorLog {
    ///     fn after_request(
    ///         &self,
    ///         request: &TransportRequest,
    ///         outcome: Result<&SessionResponse, &SessionError>,
    ///     ) {
    ///         let error = match outcome {
    ///             Ok(response) => response.session_error(),
    ///             Err(error) => Some(error),
    ///         };
    ///         if let Some(error) = error {
    ///             log::warn!("{} {}: {}", request.method.as_str(), request.url.origin(), error.name());
    ///         }
    ///     }
    /// }
    /// ```
    fn after_request(&self, request: &TransportRequest, outcome: Result<&SessionResponse, &SessionError>) {
        let _ = (request, outcome);
    }

    /// Replaces [`SessionClient::session_exists`](crate::SessionClient::session_exists).
    #[doc(alias = "doesSessionExist")]
    fn session_exists<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        original.session_exists()
    }

    /// Replaces [`SessionClient::user_id`](crate::SessionClient::user_id).
    #[doc(alias = "getUserId")]
    fn user_id<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        original.user_id()
    }

    /// Replaces [`SessionClient::payload`](crate::SessionClient::payload).
    #[doc(alias = "getAccessTokenPayloadSecurely")]
    fn payload<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        original.payload()
    }

    /// Replaces [`SessionClient::access_token`](crate::SessionClient::access_token).
    #[doc(alias = "getAccessToken")]
    fn access_token<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        original.access_token()
    }

    /// Replaces [`SessionClient::refresh`](crate::SessionClient::refresh).
    #[doc(alias = "attemptRefreshingSession")]
    fn refresh<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        original.refresh()
    }

    /// Replaces [`SessionClient::sign_out`](crate::SessionClient::sign_out).
    #[doc(alias = "signOut")]
    fn sign_out<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        original.sign_out()
    }

    /// Whether a request to `url` is an API request (`shouldDoInterceptionBasedOnUrl`).
    ///
    /// A host that this method adds receives the session's headers, in header mode also the access token. Its responses
    /// may change or end the session. Compare the whole host ([`url.origin().host()`](crate::wire::url::Origin::host)),
    /// never a part of the text. An http request is never an API request if the API uses https, and neither is a
    /// request whose URL opts out. Refresh and sign-out calls don't use this method.
    #[doc(alias = "shouldDoInterceptionBasedOnUrl")]
    fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
        original.is_api_url(url)
    }

    /// The server's clock minus the device's (`calculateClockSkewInMillis`), in ms: it may be negative, so it is no
    /// `Duration`. `response` contains the front token. The device received it at `received_at_ms`, in ms since the Unix
    /// epoch by its own clock. The client adds this value to the device's clock before it checks any expiry.
    ///
    /// Front tokens of older backends have no time of issue. Then the response's `date` header can give the time; an
    /// API on another origin must expose it (`access-control-expose-headers: date`). The client does not call this
    /// method for a front token that is already stored or older than the stored one. Headers may contain tokens, so
    /// don't log them.
    ///
    /// No app code runs while a refresh stores its tokens under the lock. So a refresh keeps the stored value, and
    /// replaces it after it releases the lock. This happens before requests continue and before listeners are called.
    ///
    /// ```
    /// use supertokens_session::{FrontToken, Original, Overrides, platform::TransportResponse};
    ///
    /// /// The API sends its time in ms in its own header.
    /// struct ServerTime;
    ///
    /// impl Overrides for ServerTime {
    ///     fn clock_skew_ms(
    ///         &self,
    ///         front: &FrontToken,
    ///         response: &dyn TransportResponse,
    ///         received_at_ms: i64,
    ///         original: Original<'_>,
    ///     ) -> i64 {
    ///         match response.header("x-server-time-ms").and_then(|ms| ms.parse::<i64>().ok()) {
    ///             Some(server_ms) => server_ms - received_at_ms,
    ///             None => original.clock_skew_ms(front, received_at_ms),
    ///         }
    ///     }
    /// }
    /// ```
    #[doc(alias = "calculateClockSkewInMillis")]
    fn clock_skew_ms(
        &self,
        front: &FrontToken,
        response: &dyn TransportResponse,
        received_at_ms: i64,
        original: Original<'_>,
    ) -> i64 {
        let _ = response;
        original.clock_skew_ms(front, received_at_ms)
    }

    /// The validators for the whole app: guards check them in addition to their own (`getGlobalClaimValidators`).
    #[doc(alias = "getGlobalClaimValidators")]
    fn global_claim_validators(&self) -> Vec<Validator> {
        Vec::new()
    }
}
