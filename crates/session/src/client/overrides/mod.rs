//! What an app can put in of its own: hooks around the client's calls, and functions in place of the client's.

mod original;

use std::future::ready;

use serde_json::Value;

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

/// Hooks and functions of the app's own. Each method has a default that changes nothing: write those that you need.
///
/// A function is handed the [`Original`], which calls the client's own version. It takes the place of the method of
/// its name on [`SessionClient`](crate::SessionClient), and of nothing else: the client's requests refresh by
/// themselves, whatever [`refresh`](Self::refresh) does.
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
///             // Here the app forgets what it has cached for the user.
///             outcome
///         })
///     }
/// }
/// ```
pub trait Overrides {
    /// Sees a call of the client's own before it is sent, and may change it: URL, method, headers, body, credentials
    /// (`preAPIHook`).
    ///
    /// The request carries no token yet; a header of a token's name gives way to the token. A URL to which the
    /// session may not go ([`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url)) makes the call fail with
    /// [`SessionError::HookLeftApi`], and nothing is sent.
    ///
    /// - A refresh asks before it waits for the lock that all tabs share. Where another tab has refreshed meanwhile, no
    ///   call follows. Where the answer has no front token and the call is made once more, the request is the same.
    /// - A sign-out asks once, however often its call is sent again after a refresh.
    /// - Everybody waits for it, for [`refresh_timeout_ms`](crate::SessionConfig::refresh_timeout_ms) at the most:
    ///   then the call counts as one that has timed out. A hook that is asked about a refresh and itself calls the API
    ///   with the session waits for the very refresh that waits for it, until that time is over: use
    ///   [`without_session`](crate::RequestBuilder::without_session).
    fn before_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a mut TransportRequest,
    ) -> LocalBoxFuture<'a, ()> {
        let _ = (action, request);
        Box::pin(ready(()))
    }

    /// Sees the answer to a call of the client's own (`postAPIHook`), and the request as
    /// [`before_api_call`](Self::before_api_call) left it, without tokens. The answer is as it came: its headers may
    /// hold tokens, so don't log them; [`peek`](TransportResponse::peek) reads a copy of the body.
    ///
    /// It is called last: what the answer brings is stored, and listeners know. After a refresh nobody waits for it;
    /// whoever signs out does, for [`refresh_timeout_ms`](crate::SessionConfig::refresh_timeout_ms) at the most, when
    /// it is dropped. Here the API may be called with the session.
    fn after_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a TransportRequest,
        response: &'a dyn TransportResponse,
    ) -> LocalBoxFuture<'a, ()> {
        let _ = (action, request, response);
        Box::pin(ready(()))
    }

    /// Sees what came of each request that took part in the session, be it the client's or an intercepted one of the
    /// page: for logs, metrics or a message to the user. [`after_api_call`](Self::after_api_call) sees the client's own
    /// calls.
    ///
    /// The request is as its caller made it, without tokens of the session; of an intercepted one there is no body. Why
    /// a response is a final 401, [`session_error`](SessionResponse::session_error) tells. Headers of a response may
    /// hold tokens, so don't log them.
    ///
    /// It is called once, however often a request was retried, and just before the caller gets the outcome: return soon,
    /// and spawn what takes time. A request whose future is dropped has no outcome.
    ///
    /// ```
    /// use supertokens_session::{Overrides, SessionError, SessionResponse, platform::TransportRequest};
    ///
    /// struct Logged;
    ///
    /// impl Overrides for Logged {
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

    /// In place of [`SessionClient::session_exists`](crate::SessionClient::session_exists).
    fn session_exists<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        original.session_exists()
    }

    /// In place of [`SessionClient::user_id`](crate::SessionClient::user_id).
    fn user_id<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        original.user_id()
    }

    /// In place of
    /// [`SessionClient::payload`](crate::SessionClient::payload).
    fn payload<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        original.payload()
    }

    /// In place of [`SessionClient::access_token`](crate::SessionClient::access_token).
    fn access_token<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        original.access_token()
    }

    /// In place of [`SessionClient::refresh`](crate::SessionClient::refresh).
    fn refresh<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        original.refresh()
    }

    /// In place of [`SessionClient::sign_out`](crate::SessionClient::sign_out).
    fn sign_out<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        original.sign_out()
    }

    /// Whether a request to `url` takes part in the session (`shouldDoInterceptionBasedOnUrl`).
    ///
    /// A host that this adds gets the session's headers, in header mode the access token itself, and its answers are
    /// believed: they may change or end the session. Compare the whole host
    /// ([`url.origin().host`](crate::wire::url::Origin::host)), never a part of the text. Whatever this says, a request
    /// to http never takes part where the API is https, nor one whose URL opts out. The refresh and sign-out calls
    /// don't ask.
    fn should_do_interception(&self, url: &Url, original: Original<'_>) -> bool {
        original.should_do_interception(url)
    }

    /// The server's clock less the device's, in ms, from a front token that `response` brought and that the device
    /// received at `received_at_ms` by its own clock (`calculateClockSkewInMillis`). Every expiry is decided by the
    /// device's clock plus this.
    ///
    /// Front tokens of older backends don't tell when they were issued. There the `date` header of the response can; an
    /// API on another origin has to expose it (`access-control-expose-headers: date`). A front token that is already
    /// stored, or is older than the stored one, is not asked about. Headers may hold tokens, so don't log them.
    ///
    /// No app code runs while a refresh stores its tokens under the lock. The stored value then stays as it is, and this
    /// one replaces it once the lock is released, before requests go on and before listeners are called.
    ///
    /// ```
    /// use supertokens_session::{FrontToken, Original, Overrides, platform::TransportResponse};
    ///
    /// /// The API sends its clock in ms in a header of its own.
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

    /// The validators that hold for the whole app: guards check them beside their own (`getGlobalClaimValidators`).
    fn global_claim_validators(&self) -> Vec<Validator> {
        Vec::new()
    }
}
