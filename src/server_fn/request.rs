use std::rc::Rc;

use futures_util::{Stream, StreamExt};
use js_sys::Uint8Array;
use leptos::server_fn::{
    Bytes,
    client::get_server_url,
    error::{FromServerFnError, ServerFnErrorErr},
    request::{ClientReq, browser::BrowserFormData},
};
use send_wrapper::SendWrapper;
use supertokens_session::{
    RequestBuilder, SessionClient, SessionError,
    platform::{Body, Method, TransportError},
};
use wasm_bindgen::JsValue;
use wasm_streams::ReadableStream;

use super::failure;

/// A call of a server function. It stores the parts of the request, so that it can be sent again after a refresh.
//
// A request of Leptos' own client can be sent only once.
#[derive(Debug)]
pub struct SessionServerFnRequest(SendWrapper<Parts>);

#[derive(Debug)]
struct Parts {
    method: http::Method,
    /// The path on the server of the functions.
    path: String,
    accepts: String,
    /// `None` if the browser sets it, such as the boundary of a multipart form.
    content_type: Option<String>,
    body: Body,
}

impl SessionServerFnRequest {
    fn new<E: FromServerFnError>(
        method: http::Method,
        path: impl Into<String>,
        accepts: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Self, E> {
        in_browser()?;
        use http::Method as M;
        let may_have_body = matches!(method, M::POST | M::PUT | M::PATCH);
        if !may_have_body && (!matches!(method, M::GET | M::DELETE) || !matches!(body, Body::Empty)) {
            let error = ServerFnErrorErr::UnsupportedRequestMethod(method.to_string());
            return Err(E::from_server_fn_error(error));
        }
        Ok(Self(SendWrapper::new(Parts {
            method,
            path: path.into(),
            accepts: accepts.to_owned(),
            content_type: content_type.map(str::to_owned),
            body,
        })))
    }

    pub(super) fn builder(self, client: &SessionClient) -> Result<RequestBuilder, SessionError> {
        let parts = self.0.take();
        let unsendable = SessionError::Network(TransportError::Unsendable);
        let method = Method::from_name(parts.method.as_str()).ok_or(unsendable)?;
        let mut builder = client.request(method, &url(&parts.path)?).header("accept", &parts.accepts);
        if let Some(content_type) = &parts.content_type {
            builder = builder.header("content-type", content_type);
        }
        Ok(builder.body(parts.body))
    }
}

/// A server creates no request, since JavaScript values belong to one thread and any thread may drop the request.
fn in_browser<E: FromServerFnError>() -> Result<(), E> {
    match cfg!(target_arch = "wasm32") {
        true => Ok(()),
        false => Err(failure(SessionError::NotInBrowser)),
    }
}

/// The URL of a function. Without `set_server_url`, functions are on the page's origin.
fn url(path: &str) -> Result<String, SessionError> {
    match get_server_url() {
        "" => {
            let origin = supertokens_web::page_origin().ok_or(SessionError::NotInBrowser)?;
            Ok(format!("{origin}{path}"))
        }
        server => Ok(format!("{server}{path}")),
    }
}

impl<E: FromServerFnError> ClientReq<E> for SessionServerFnRequest {
    type FormData = BrowserFormData;

    fn try_new_req_query(
        path: &str,
        content_type: &str,
        accepts: &str,
        query: &str,
        method: http::Method,
    ) -> Result<Self, E> {
        Self::new(method, format!("{path}?{query}"), accepts, Some(content_type), Body::Empty)
    }

    fn try_new_req_text(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: String,
        method: http::Method,
    ) -> Result<Self, E> {
        Self::new(method, path, accepts, Some(content_type), body.into())
    }

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: Bytes,
        method: http::Method,
    ) -> Result<Self, E> {
        Self::new(method, path, accepts, Some(content_type), body.as_ref().into())
    }

    fn try_new_req_form_data(
        path: &str,
        accepts: &str,
        content_type: &str,
        body: Self::FormData,
        method: http::Method,
    ) -> Result<Self, E> {
        let body = supertokens_web::url_encoded_body(&body.take()).ok_or_else(|| {
            E::from_server_fn_error(ServerFnErrorErr::Serialization("a form with files".to_owned()))
        })?;
        Self::new(method, path, accepts, Some(content_type), body)
    }

    fn try_new_req_multipart(
        path: &str,
        accepts: &str,
        body: Self::FormData,
        method: http::Method,
    ) -> Result<Self, E> {
        Self::new(method, path, accepts, None, supertokens_web::body(body.take()))
    }

    fn try_new_req_streaming(
        path: &str,
        accepts: &str,
        content_type: &str,
        body: impl Stream<Item = Bytes> + Send + 'static,
        method: http::Method,
    ) -> Result<Self, E> {
        in_browser()?;
        let chunks = body.map(|chunk| Ok(JsValue::from(Uint8Array::from(chunk.as_ref()))));
        let stream: JsValue = ReadableStream::from_stream(chunks).into_raw().into();
        Self::new(method, path, accepts, Some(content_type), Body::Stream(Rc::new(stream)))
    }
}
