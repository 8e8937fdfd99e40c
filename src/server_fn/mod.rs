//! A client for server functions that sends the session.

mod request;
mod response;

use std::{cell::RefCell, future::Future};

use futures_util::{Sink, Stream, future::Either};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::{FromServerFnError, SERVER_FN_ERROR_HEADER, ServerFnErrorErr},
};
pub use request::SessionServerFnRequest;
pub use response::SessionServerFnResponse;
use send_wrapper::SendWrapper;
use serde_json::Value;
use supertokens_session::{SessionClient, SessionError, SessionResponse, WeakSessionClient};

use crate::{browser_value::BrowserValue, session::try_use_session};

/// Calls server functions with the session: it sends the session's headers, refreshes an expired session, and retries
/// the call with all arguments after a 401.
///
/// The server functions must be in the API scope ([`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url)).
/// Functions on other hosts are called without the session. The session is that of the nearest
/// [`SessionProvider`](crate::SessionProvider). A call outside of all owners uses the last created provider.
///
/// If the API is on another origin than the page, call `server_fn::client::set_server_url` with the origin of the
/// settings. The API's CORS headers must allow requests with credentials from the page. If a function redirects, they
/// must also expose `serverfnredirect` and `location`, or the browser hides the redirect from Leptos.
///
/// When the server rejects a call, the error comes from the response's body, as in Leptos' own client. Streaming
/// arguments can't be sent twice, so the session is refreshed before they are sent. For the same reason, an expired
/// session is refreshed before a WebSocket is opened.
///
/// The server must verify the session before it runs a function, as in any other route, and reject an invalid one with
/// the same 401. `examples/server-fn` in the repository contains such a server and its page.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::SessionServerFnClient;
///
/// #[server(client = SessionServerFnClient)]
/// pub async fn add_order(item: String) -> Result<u32, ServerFnError> {
///     // The server verifies the session, then stores the order.
///     Ok(item.len() as u32)
/// }
/// ```
#[derive(Debug)]
pub struct SessionServerFnClient;

impl<Error, InputStreamError, OutputStreamError> Client<Error, InputStreamError, OutputStreamError>
    for SessionServerFnClient
where
    Error: FromServerFnError,
    InputStreamError: FromServerFnError,
    OutputStreamError: FromServerFnError,
{
    type Request = SessionServerFnRequest;
    type Response = SessionServerFnResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, Error>> + Send {
        let client = current_client();
        SendWrapper::new(async move {
            let client = client.ok_or_else(|| failure("there is no SessionProvider"))?;
            let response = request.builder(&client).map_err(failure)?.send().await.map_err(failure)?;
            if response.status() >= 400 && is_refusal(&response) {
                let body: Value = response.json().await.map_err(failure)?;
                let message = body["message"].as_str().unwrap_or("the server refused the call");
                return Err(Error::from_server_fn_error(ServerFnErrorErr::ServerError(message.to_owned())));
            }
            Ok(SessionServerFnResponse::new(response))
        })
    }

    fn open_websocket(
        url: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            Error,
        >,
    > + Send {
        if !cfg!(target_arch = "wasm32") {
            // Any thread may run this future, so it must not hold a client.
            return Either::Left(async { Err(failure(SessionError::NotInBrowser)) });
        }
        let client = current_client();
        Either::Right(SendWrapper::new(async move {
            if let Some(client) = client
                && let Err(error) = client.session_exists().await
            {
                return Err(failure(error));
            }
            let open = <BrowserClient as Client<Error, InputStreamError, OutputStreamError>>::open_websocket;
            open(url).await
        }))
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<Error, InputStreamError, OutputStreamError>>::spawn(future);
    }
}

thread_local! {
    static LATEST: RefCell<Option<WeakSessionClient>> = const { RefCell::new(None) };
}

/// Stores the client of a provider while the provider exists, for calls outside of all owners. A server calls no
/// functions and stores no client.
pub(crate) fn set_latest_client(client: &SessionClient) {
    BrowserValue::new(|| {
        LATEST.set(Some(client.downgrade()));
        LatestClientGuard(client.downgrade())
    });
}

struct LatestClientGuard(WeakSessionClient);

impl Drop for LatestClientGuard {
    fn drop(&mut self) {
        LATEST.with_borrow_mut(|latest| {
            // A later provider may have stored its own client.
            if latest.as_ref().is_some_and(|latest| latest.upgrade() == self.0.upgrade()) {
                *latest = None;
            }
        });
    }
}

fn current_client() -> Option<SessionClient> {
    let nearest = try_use_session().map(|session| session.client());
    nearest.or_else(|| LATEST.with_borrow(|latest| latest.as_ref()?.upgrade()))
}

/// Whether the response is that of the server, not of the function, as without a valid session. Its body is the JSON of a
/// SuperTokens backend, and not the function's error.
fn is_refusal(response: &SessionResponse) -> bool {
    let is_json = response.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    is_json && response.header(SERVER_FN_ERROR_HEADER).is_none()
}

fn failure<Error: FromServerFnError>(error: impl ToString) -> Error {
    Error::from_server_fn_error(ServerFnErrorErr::Request(error.to_string()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::thread;

    use futures_util::{FutureExt, stream};
    use leptos::server_fn::{ServerFnError, request::ClientReq};

    use super::*;

    type Fallible<T> = Result<T, ServerFnError>;

    #[test]
    fn on_a_server_a_request_is_an_error_that_another_thread_can_drop() {
        let post = http::Method::POST;
        let requests: [Fallible<SessionServerFnRequest>; 3] = [
            ClientReq::try_new_req_query("/fn", "text/plain", "text/plain", "a=1", http::Method::GET),
            ClientReq::try_new_req_text("/fn", "text/plain", "text/plain", "a".to_owned(), post.clone()),
            ClientReq::try_new_req_streaming("/fn", "text/plain", "text/plain", stream::empty(), post),
        ];
        let dropped = thread::spawn(move || {
            for request in requests {
                assert!(request.unwrap_err().to_string().ends_with(&SessionError::NotInBrowser.to_string()));
            }
        });
        dropped.join().unwrap();
    }

    #[test]
    fn on_a_server_opening_a_websocket_is_an_error_on_any_thread() {
        let open = <SessionServerFnClient as Client<ServerFnError>>::open_websocket("/fn");
        let opened = thread::spawn(move || {
            let is_error = open.now_or_never().is_some_and(|opened| opened.is_err());
            assert!(is_error);
        });
        opened.join().unwrap();
    }
}
