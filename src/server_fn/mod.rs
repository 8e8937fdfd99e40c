//! A client for server functions that carries the session.

mod request;
mod response;

use std::{cell::RefCell, future::Future};

use futures_util::{Sink, Stream, future::Either};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::{FromServerFnError, ServerFnErrorErr},
};
pub use request::SessionServerFnRequest;
pub use response::SessionServerFnResponse;
use send_wrapper::SendWrapper;
use supertokens_session::{SessionClient, SessionError, WeakSessionClient};

use crate::{browser_value::BrowserValue, session::try_use_session};

/// Calls server functions with the session: its headers go along, it is refreshed where it has expired, and after a 401
/// the function is called again with all its arguments.
///
/// The server that runs the functions must be the API itself, or on its host: elsewhere the session does not go, and the
/// functions are called without it ([`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url)). The session is that of the
/// nearest [`SessionProvider`](crate::SessionProvider), or where a call is made outside of all owners, of the one that was
/// made last.
///
/// Where the API is on another origin than the page, `server_fn::client::set_server_url` says so, with the same origin as
/// the settings. Its CORS has to let the page call with credentials, as for any other request; where a function redirects,
/// it also has to expose `serverfnredirect` and `location`, or the browser hides that from Leptos.
///
/// The error of a function that is refused is what the server's body says, as with Leptos' own client. Arguments that
/// stream are sent once: the session is refreshed for them ahead. Before a WebSocket is opened, the session is refreshed
/// where it has expired, since its handshake can't be sent again.
///
/// The server verifies the session before it runs a function, as before any other route, and refuses by the same 401.
/// `examples/server-fn` in the repository has such a server and its page.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::SessionServerFnClient;
///
/// #[server(client = SessionServerFnClient)]
/// pub async fn add_order(item: String) -> Result<u32, ServerFnError> {
///     // On the server: verify the session, then store the order.
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
        let client = current();
        SendWrapper::new(async move {
            let client = client.ok_or_else(|| failure("there is no SessionProvider"))?;
            let answer = request.builder(&client).map_err(failure)?.send().await.map_err(failure)?;
            Ok(SessionServerFnResponse::new(answer))
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
            // Any thread may run this.
            return Either::Left(async { Err(failure(SessionError::NotInBrowser)) });
        }
        let client = current();
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

/// Remembers the client of a provider for as long as that is there, for calls that are made outside of all owners. A server
/// runs the functions and calls none.
pub(crate) fn remember(client: &SessionClient) {
    BrowserValue::new(|| {
        LATEST.set(Some(client.downgrade()));
        Remembered(client.downgrade())
    });
}

struct Remembered(WeakSessionClient);

impl Drop for Remembered {
    fn drop(&mut self) {
        LATEST.with_borrow_mut(|latest| {
            // A provider may have come after it.
            if latest.as_ref().is_some_and(|latest| latest.upgrade() == self.0.upgrade()) {
                *latest = None;
            }
        });
    }
}

fn current() -> Option<SessionClient> {
    let nearest = try_use_session().map(|session| session.client());
    nearest.or_else(|| LATEST.with_borrow(|latest| latest.as_ref()?.upgrade()))
}

fn failure<Error: FromServerFnError>(what: impl ToString) -> Error {
    Error::from_server_fn_error(ServerFnErrorErr::Request(what.to_string()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::thread;

    use futures_util::{FutureExt, stream};
    use leptos::server_fn::{ServerFnError, request::ClientReq};

    use super::*;

    type Fallible<T> = Result<T, ServerFnError>;

    #[test]
    fn on_a_server_no_request_is_made_that_another_thread_could_not_drop() {
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
    fn on_a_server_a_socket_is_refused_on_whichever_thread() {
        let open = <SessionServerFnClient as Client<ServerFnError>>::open_websocket("/fn");
        let opened = thread::spawn(move || {
            let is_refused = open.now_or_never().is_some_and(|opened| opened.is_err());
            assert!(is_refused);
        });
        opened.join().unwrap();
    }
}
