use std::future::Future;

use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{LocalBoxStream, once},
};
use js_sys::{ArrayBuffer, Uint8Array};
use leptos::server_fn::{
    Bytes,
    error::{FromServerFnError, ServerFnErrorErr},
    redirect::REDIRECT_HEADER,
    response::ClientRes,
};
use send_wrapper::SendWrapper;
use supertokens_session::{SessionError, SessionResponse};
use supertokens_web::FetchResponse;
use wasm_bindgen::JsCast;
use wasm_streams::ReadableStream;

/// The response of a server function.
#[derive(Debug)]
pub struct SessionServerFnResponse(SendWrapper<SessionResponse>);

impl SessionServerFnResponse {
    pub(super) fn new(response: SessionResponse) -> Self {
        Self(SendWrapper::new(response))
    }

    /// The browser's response. `None` if the app has its own transport.
    fn fetch_response(&self) -> Option<&FetchResponse> {
        self.0.downcast_ref()
    }
}

impl<E: FromServerFnError> ClientRes<E> for SessionServerFnResponse {
    fn try_into_string(self) -> impl Future<Output = Result<String, E>> + Send {
        SendWrapper::new(async move { self.0.take().text().await.map_err(unreadable) })
    }

    fn try_into_bytes(self) -> impl Future<Output = Result<Bytes, E>> + Send {
        SendWrapper::new(async move { self.0.take().bytes().await.map(Bytes::from).map_err(unreadable) })
    }

    fn try_into_stream(self) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, E> {
        let body = self.fetch_response().and_then(|response| response.as_raw().body());
        let stream: LocalBoxStream<'static, Result<Bytes, Bytes>> = match body {
            Some(body) => ReadableStream::from_raw(body.unchecked_into())
                .into_stream()
                .map(|chunk| match chunk {
                    // `is_view` also accepts the array of another window, which `instanceof` does not.
                    Ok(chunk) if ArrayBuffer::is_view(&chunk) => Ok(Uint8Array::new(&chunk).to_vec().into()),
                    _ => Err(unreadable::<E>("the response's body was interrupted").ser()),
                })
                .boxed_local(),
            // The response has no body, or the app has its own transport.
            None => once(self.0.take().bytes().map(|body| {
                body.map(Bytes::from).map_err(|error: SessionError| unreadable::<E>(error).ser())
            }))
            .boxed_local(),
        };
        Ok(SendWrapper::new(stream))
    }

    fn status(&self) -> u16 {
        self.0.status()
    }

    fn status_text(&self) -> String {
        self.fetch_response().map(|response| response.as_raw().status_text()).unwrap_or_default()
    }

    fn location(&self) -> String {
        let url = || self.fetch_response().map(|response| response.as_raw().url());
        self.0.header("location").or_else(url).unwrap_or_default()
    }

    fn has_redirect(&self) -> bool {
        self.0.header(REDIRECT_HEADER).is_some()
    }
}

fn unreadable<E: FromServerFnError>(error: impl ToString) -> E {
    E::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
}
