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

use super::{MEANT, script};
use crate::{
    fetch::{FetchResponse, refusal},
    native_fetch,
    page::Page,
};

/// A request as the caller made it.
pub(crate) struct CallerRequest {
    page: Page,
    request: Request,
    is_stream: bool,
    may_retry: bool,
    /// What the bare `fetch` said last.
    refusal: Rc<RefCell<Option<JsValue>>>,
}

impl CallerRequest {
    pub(crate) fn new(page: &Page, request: Request, is_stream: bool, may_retry: bool) -> Self {
        Self { page: page.clone(), request, is_stream, may_retry, refusal: Rc::default() }
    }

    /// Where an error of the browser's own will be, once there is one.
    pub(crate) fn refusal(&self) -> Rc<RefCell<Option<JsValue>>> {
        self.refusal.clone()
    }

    pub(crate) fn builder(self, client: &SessionClient, has_chosen: bool) -> RequestBuilder {
        let request = &self.request;
        // The name goes nowhere: the request keeps its own.
        let method = Method::from_name(&request.method()).unwrap_or(Method::Options);
        let mut builder = client.request(method, &request.url());
        for name in MEANT {
            if let Ok(Some(value)) = request.headers().get(name) {
                builder = builder.header(name, &value);
            }
        }
        if has_chosen {
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
            let headers = script::in_turns(&request.headers);
            let is_included = request.credentials == Some(Credentials::Include);
            let is_copied = self.may_retry && !self.is_stream;
            let refused = |error: JsValue| {
                let said = refusal(&error);
                self.refusal.replace(Some(error));
                said
            };
            let fetch = native_fetch::fetch(&self.page).map_err(refused)?;
            let answer = script::send(&fetch, &self.request, is_copied, is_included, &headers);
            // A wrapped `fetch` may return anything.
            let answer =
                JsFuture::from(Promise::resolve(&answer.map_err(refused)?)).await.map_err(refused)?;
            if !answer.is_object() {
                return Err(TransportError::Unreachable);
            }
            Ok(Box::new(FetchResponse::new(answer)) as Box<dyn TransportResponse>)
        })
    }
}
