//! Requests that something else has made, such as a generated client of an API.

use supertokens_session::{SessionClient, SessionError, platform::TransportError};
use web_sys::{Request, RequestCredentials, Response};

use crate::{
    fetch::FetchResponse,
    intercept::{CallerRequest, has_stream},
    page::Page,
};

/// Sends a request of the browser's own with the session, if it goes to the API. Whatever makes `web_sys::Request`s and
/// takes `web_sys::Response`s can send with this in place of `window.fetch`.
///
/// All options are the request's own, its signal too: dropping the future of this one aborts nothing. Its body is sent
/// again whole after a refresh, unless it was made of a stream. Where it says nothing of credentials, or `same-origin`,
/// cookies go along (`auto_add_credentials`).
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
///     /// Where a generated client calls `window.fetch`.
///     async fn fetch(&self, request: Request) -> Result<Response, SessionError> {
///         supertokens_web::send_request(&self.client, request).await
///     }
/// }
/// ```
///
/// # Errors
/// Those of [`RequestBuilder::send`](supertokens_session::RequestBuilder::send). A final 401 is an answer.
pub async fn send_request(client: &SessionClient, request: Request) -> Result<Response, SessionError> {
    let page = Page::current()?;
    let has_chosen = request.credentials() != RequestCredentials::SameOrigin;
    let given = CallerRequest::new(&page, Clone::clone(&request), has_stream(&request), true);
    let answer = given.builder(client, has_chosen).send().await?;
    match answer.as_any().downcast_ref::<FetchResponse>() {
        Some(answer) => Ok(Clone::clone(answer.as_raw())),
        None => Err(SessionError::Network(TransportError::Unsendable)),
    }
}
