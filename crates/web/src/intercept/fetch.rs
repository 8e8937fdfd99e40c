use js_sys::{Promise, TypeError};
use supertokens_session::{SessionClient, SessionError};
use wasm_bindgen::prelude::*;
use web_sys::Request;

use super::{caller_request::CallerRequest, now, script};
use crate::{fetch::FetchResponse, page::Page};

/// `(request, has_chosen_credentials, is_stream, may_retry) -> promise`.
pub(super) type Runner = Closure<dyn Fn(Request, bool, bool, bool) -> Promise>;

/// Sends what `fetch` was asked to.
pub(super) fn runner(client: &SessionClient, page: &Page) -> Runner {
    let (client, page) = (client.clone(), page.clone());
    Closure::new(move |request: Request, has_chosen: bool, is_stream: bool, may_retry: bool| {
        let given = CallerRequest::new(&page, Clone::clone(&request), is_stream, may_retry);
        let refused = given.refusal();
        let builder = given.builder(&client, has_chosen).as_api_request();
        Promise::new(&mut |resolve, reject| {
            let (builder, refused, request) = (builder.clone(), refused.clone(), Clone::clone(&request));
            now::start(async move {
                let outcome = builder.send().await;
                let (settle, value) = match &outcome {
                    Ok(answer) => match answer.as_any().downcast_ref::<FetchResponse>() {
                        Some(answer) => (resolve, JsValue::from(answer.as_raw())),
                        None => (reject, JsValue::UNDEFINED),
                    },
                    Err(error) => (reject, thrown(error, refused.take())),
                };
                // Listeners report their own errors, and the functions of a promise never throw.
                if let Some((error, status)) = script::failure(&outcome) {
                    let _ = script::explain(&request, &value, error.name(), &error.to_string(), status);
                }
                let _ = settle.call1(&JsValue::UNDEFINED, &value);
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
