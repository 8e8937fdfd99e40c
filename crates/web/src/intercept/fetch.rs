use std::{cell::RefCell, rc::Rc};

use js_sys::{Promise, TypeError};
use supertokens_session::{
    RequestBuilder, SessionClient, SessionError,
    platform::{
        Body, Credentials, LocalBoxFuture, Method, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestCredentials, Response};

use super::{MEANT, now, script};
use crate::{
    beneath,
    fetch::{FetchResponse, refusal},
    page::Page,
};

/// `(request, has_chosen_credentials, is_stream, may_retry) -> promise`.
pub(super) type Runner = Closure<dyn Fn(Request, bool, bool, bool) -> Promise>;

/// Sends what `fetch` was asked to.
pub(super) fn runner(client: &SessionClient, page: &Page) -> Runner {
    let (client, page) = (client.clone(), page.clone());
    Closure::new(move |request: Request, has_chosen: bool, is_stream: bool, may_retry: bool| {
        let given = Given { page: page.clone(), request, is_stream, may_retry, refusal: Rc::default() };
        let refused = given.refusal.clone();
        let builder = given.builder(&client, has_chosen);
        Promise::new(&mut |resolve, reject| {
            let (builder, refused) = (builder.clone(), refused.clone());
            now::start(async move {
                let outcome = match builder.send().await {
                    Ok(answer) => match answer.as_any().downcast_ref::<FetchResponse>() {
                        Some(answer) => resolve.call1(&JsValue::UNDEFINED, answer.as_raw()),
                        None => reject.call0(&JsValue::UNDEFINED),
                    },
                    Err(error) => reject.call1(&JsValue::UNDEFINED, &thrown(&error, refused.take())),
                };
                // The functions of a promise never throw.
                let _ = outcome;
            });
        })
    })
}

/// What the bare `fetch` has thrown, or what else is wrong in the kind of error that it throws.
fn thrown(error: &SessionError, refused: Option<JsValue>) -> JsValue {
    match (error, refused) {
        (SessionError::Network(_), Some(refused)) => refused,
        _ => TypeError::new(&error.to_string()).into(),
    }
}

/// A request as the caller made it.
struct Given {
    page: Page,
    request: Request,
    is_stream: bool,
    may_retry: bool,
    /// What the bare `fetch` said last.
    refusal: Rc<RefCell<Option<JsValue>>>,
}

impl Given {
    fn builder(self, client: &SessionClient, has_chosen: bool) -> RequestBuilder {
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

impl Transport for Given {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let headers = request.headers.iter().flat_map(|(name, value)| [name, value]);
            let headers = headers.map(JsValue::from_str).collect();
            let is_included = request.credentials == Some(Credentials::Include);
            let is_copied = self.may_retry && !self.is_stream;
            let refused = |error: JsValue| {
                let said = refusal(&error);
                self.refusal.replace(Some(error));
                said
            };
            let fetch = beneath::fetch(&self.page).map_err(refused)?;
            let answer = script::send(&fetch, &self.request, is_copied, is_included, &headers);
            // A wrapped `fetch` may return anything.
            let answer =
                JsFuture::from(Promise::resolve(&answer.map_err(refused)?)).await.map_err(refused)?;
            let raw: Response = answer.dyn_into().map_err(|_| TransportError::Unreachable)?;
            Ok(Box::new(FetchResponse::new(raw)) as Box<dyn TransportResponse>)
        })
    }
}
