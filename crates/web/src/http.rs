//! Requests and responses of the `http` crate.

use http::{Request, Response, response};
use js_sys::{Array, try_iter};
use supertokens_session::{
    HeaderError, RequestBuilder, SessionClient, SessionError, SessionResponse,
    platform::{Body, Method, TransportError},
};
use wasm_bindgen::JsCast;

use crate::fetch::FetchResponse;

/// Sends a request of the `http` crate with the session, if its URI is of the API. Use it in generated clients that
/// build such requests. The URI is absolute, or a path of the API. Extensions and the HTTP version are ignored.
///
/// ```no_run
/// use http::{Request, Response};
/// use supertokens_session::{SessionClient, SessionError};
///
/// # async fn run(client: &SessionClient) -> Result<(), Box<dyn std::error::Error>> {
/// let request = Request::post("/orders").header("content-type", "application/json").body(r#"{"item":1}"#)?;
/// let response: Response<Vec<u8>> = supertokens_web::send_http(client, request).await?;
/// assert_eq!(response.status(), 201);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`RequestBuilder::send`], and those of reading the body. A final 401 is no error.
pub async fn send_http(
    client: &SessionClient,
    request: Request<impl Into<Body>>,
) -> Result<Response<Vec<u8>>, SessionError> {
    let response = http_request(client, request)?.send().await?;
    let builder = with_headers(Response::builder().status(response.status()), &response);
    let body = response.bytes().await?;
    // This never fails for the status and headers of a browser's response.
    builder.body(body).map_err(|_| SessionError::Network(TransportError::Body))
}

/// Turns a request of the `http` crate into a builder, for options that the crate lacks: a timeout, no retry,
/// credentials.
///
/// # Errors
/// [`SessionError::Header`] for a header whose value is not text, and [`SessionError::Network`] with
/// [`TransportError::Unsendable`] for a method whose name is too long.
pub fn http_request(
    client: &SessionClient,
    request: Request<impl Into<Body>>,
) -> Result<RequestBuilder, SessionError> {
    let (parts, body) = request.into_parts();
    let method =
        Method::from_name(parts.method.as_str()).ok_or(SessionError::Network(TransportError::Unsendable))?;
    let mut builder = client.request(method, &parts.uri.to_string()).body(body);
    for name in parts.headers.keys() {
        let values: Result<Vec<_>, _> =
            parts.headers.get_all(name).iter().map(|value| value.to_str()).collect();
        builder = builder.header(name.as_str(), &values.map_err(|_| HeaderError::Value)?.join(", "));
    }
    Ok(builder)
}

/// Copies the headers. The response of an app's own transport can't list its headers.
fn with_headers(mut builder: response::Builder, response: &SessionResponse) -> response::Builder {
    let Some(response) = response.downcast_ref::<FetchResponse>() else { return builder };
    let headers = response.as_raw().headers();
    for pair in try_iter(&headers).ok().flatten().into_iter().flatten().flatten() {
        let Ok(pair) = pair.dyn_into::<Array>() else { continue };
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            builder = builder.header(name, value);
        }
    }
    builder
}
