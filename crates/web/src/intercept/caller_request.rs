use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use supertokens_session::{
    RequestBuilder, SessionClient,
    platform::{
        Body, Credentials, LocalBoxFuture, Method, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestCredentials};

use super::{SESSION_HEADERS, script};
use crate::{
    fetch::{FetchResponse, error_of},
    native_fetch,
    page::Page,
};

/// A request of outside code, which keeps its own options.
pub(crate) struct CallerRequest {
    page: Page,
    request: Request,
    is_stream: bool,
    may_retry: bool,
    /// The last rejection of the native `fetch`.
    rejection: Rc<RefCell<Option<JsValue>>>,
}

impl CallerRequest {
    pub(crate) fn new(page: &Page, request: Request, is_stream: bool, may_retry: bool) -> Self {
        Self { page: page.clone(), request, is_stream, may_retry, rejection: Rc::default() }
    }

    /// Holds the last rejection of the native `fetch`, if there was one.
    pub(crate) fn rejection(&self) -> Rc<RefCell<Option<JsValue>>> {
        self.rejection.clone()
    }

    pub(crate) fn builder(self, client: &SessionClient, sets_credentials: bool) -> RequestBuilder {
        let request = &self.request;
        // The client does not use the method: the request has the caller's.
        let method = Method::from_name(&request.method()).unwrap_or(Method::Options);
        let mut builder = client.request(method, &request.url());
        for name in SESSION_HEADERS {
            if let Ok(Some(value)) = request.headers().get(name) {
                builder = builder.header(name, &value);
            }
        }
        if sets_credentials {
            builder = builder.credentials(match request.credentials() {
                RequestCredentials::Omit => Credentials::Omit,
                RequestCredentials::Include => Credentials::Include,
                _ => Credentials::SameOrigin,
            });
        }
        if self.is_stream {
            builder = builder.body(Body::Stream(Rc::new(())));
        }
        if !self.may_retry {
            builder = builder.without_retry();
        }
        builder.by(Rc::new(self))
    }
}

impl Transport for CallerRequest {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let headers = script::flat_pairs(&request.headers);
            let includes_credentials = request.credentials == Some(Credentials::Include);
            let sends_copy = self.may_retry && !self.is_stream;
            let rejected = |rejection: JsValue| {
                let error = error_of(&rejection);
                self.rejection.replace(Some(rejection));
                error
            };
            let fetch = native_fetch::fetch(&self.page).map_err(rejected)?;
            let response = script::send(&fetch, &self.request, sends_copy, includes_credentials, &headers);
            // A wrapped `fetch` may return anything.
            let response =
                JsFuture::from(Promise::resolve(&response.map_err(rejected)?)).await.map_err(rejected)?;
            if !response.is_object() {
                return Err(TransportError::Unreachable);
            }
            Ok(Box::new(FetchResponse::new(response)) as Box<dyn TransportResponse>)
        })
    }
}
