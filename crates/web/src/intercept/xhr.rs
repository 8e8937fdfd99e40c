use std::{any::Any, future::ready, rc::Rc};

use js_sys::Array;
use supertokens_session::{
    SessionClient,
    platform::{
        Credentials, LocalBoxFuture, Method, PEEK_LIMIT, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{
    SESSION_HEADERS,
    script::{self, InterceptedXhr},
    task,
};

/// `(xhr, method, url, headers, with_credentials, may_retry)`. The headers are a flat list of names and values.
pub(super) type Runner = Closure<dyn Fn(InterceptedXhr, String, String, Array, bool, bool)>;

/// Sends the request of an `XMLHttpRequest` with the session.
pub(super) fn runner(client: &SessionClient) -> Runner {
    let client = client.clone();
    Closure::new(
        move |xhr: InterceptedXhr,
              method: String,
              url: String,
              headers: Array,
              includes_credentials: bool,
              may_retry: bool| {
            // The client does not use the method: the object has the caller's.
            let method = Method::from_name(&method).unwrap_or(Method::Options);
            let mut builder =
                client.request(method, &url).by(Rc::new(XhrTransport(xhr.clone()))).as_api_request();
            for (name, value) in pairs(&headers) {
                if SESSION_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                    builder = builder.header(&name, &value);
                }
            }
            if includes_credentials {
                builder = builder.credentials(Credentials::Include);
            }
            if !may_retry {
                builder = builder.without_retry();
            }
            task::start_at_once(async move {
                let outcome = builder.send().await;
                // Listeners report their own errors.
                if let Some((error, status)) = script::failure(&outcome) {
                    let _ = xhr.report_failure(error.name(), &error.to_string(), status);
                }
                let _ = match outcome {
                    Ok(_) => xhr.release(),
                    // It emits no event if the browser has emitted one.
                    Err(_) => xhr.fail("error"),
                };
            });
        },
    )
}

fn pairs(headers: &Array) -> impl Iterator<Item = (String, String)> {
    let texts: Vec<_> = headers.iter().map(|text| text.as_string().unwrap_or_default()).collect();
    (0..texts.len() / 2).map(move |i| (texts[2 * i].clone(), texts[2 * i + 1].clone()))
}

struct XhrTransport(InterceptedXhr);

impl Transport for XhrTransport {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let headers = script::flat_pairs(&request.headers);
            let includes_credentials = request.credentials == Some(Credentials::Include);
            let response =
                self.0.attempt(&headers, includes_credentials).map_err(|_| TransportError::Unsendable)?;
            let ended_by = JsFuture::from(response).await.ok().and_then(|event| event.as_string());
            match ended_by.as_deref() {
                Some("") => Ok(Box::new(XhrResponse::new(&self.0)) as Box<dyn TransportResponse>),
                Some("abort") => Err(TransportError::Aborted),
                Some("timeout") => Err(TransportError::TimedOut),
                _ => Err(TransportError::Unreachable),
            }
        })
    }
}

/// The response of an `XMLHttpRequest`. The body may still arrive.
struct XhrResponse {
    xhr: InterceptedXhr,
    status: u16,
    url: Option<String>,
    /// One header a line.
    headers: String,
}

impl XhrResponse {
    fn new(xhr: &InterceptedXhr) -> Self {
        let (url, headers) = (xhr.url().filter(|url| !url.is_empty()), xhr.headers().unwrap_or_default());
        Self { xhr: xhr.clone(), status: xhr.status(), url, headers }
    }
}

impl TransportResponse for XhrResponse {
    fn status(&self) -> u16 {
        self.status
    }

    fn url(&self) -> Option<String> {
        self.url.clone()
    }

    // Chromium logs an error if a script reads a header that the server does not expose.
    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.headers.lines().filter_map(|line| line.split_once(':'));
        let (_, value) = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.trim().to_owned())
    }

    /// The app reads the body itself.
    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Err(TransportError::Body)))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        let text = JsFuture::from(self.xhr.text(PEEK_LIMIT as u32));
        Box::pin(async move {
            let text = text.await.ok().and_then(|text| text.as_string());
            text.map(String::into_bytes).ok_or(TransportError::Body)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
