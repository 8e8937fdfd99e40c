//! Sends requests that other code built, such as a generated API client.

use supertokens_session::{SessionClient, SessionError, platform::TransportError};
use web_sys::{Request, RequestCredentials, Response};

use crate::{
    fetch::FetchResponse,
    intercept::{CallerRequest, has_stream},
    page::Page,
};

/// Sends a `web_sys::Request` with the session, if its URL is of the API. Code that builds requests itself can call
/// this instead of `window.fetch`.
///
/// All options are the request's own. This includes its signal: dropping the future does not abort the request. A retry
/// sends the whole body, unless that is a stream. If `credentials` is `same-origin`, the default, cookies are included
/// (`auto_add_credentials`).
///
/// ```no_run
/// use supertokens_session::{SessionClient, SessionError};
/// use web_sys::{Request, Response};
///
/// struct Api {
///     client: SessionClient,
/// }
///
/// impl Api {
///     /// A generated client calls this instead of `window.fetch`.
///     async fn fetch(&self, request: Request) -> Result<Response, SessionError> {
///         supertokens_web::send_request(&self.client, request).await
///     }
/// }
/// ```
///
/// # Errors
/// Those of [`RequestBuilder::send`](supertokens_session::RequestBuilder::send). A final 401 is no error.
pub async fn send_request(client: &SessionClient, request: Request) -> Result<Response, SessionError> {
    let page = Page::current()?;
    let sets_credentials = request.credentials() != RequestCredentials::SameOrigin;
    let caller_request = CallerRequest::new(&page, Clone::clone(&request), has_stream(&request), true);
    let response = caller_request.builder(client, sets_credentials).send().await?;
    match response.downcast_ref::<FetchResponse>() {
        Some(response) => Ok(Clone::clone(response.as_raw())),
        None => Err(SessionError::Network(TransportError::Unsendable)),
    }
}
