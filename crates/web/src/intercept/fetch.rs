use js_sys::{Promise, TypeError};
use supertokens_session::{SessionClient, SessionError};
use wasm_bindgen::prelude::*;
use web_sys::Request;

use super::{caller_request::CallerRequest, script, task};
use crate::{fetch::FetchResponse, page::Page};

/// `(request, sets_credentials, is_stream, may_retry) -> promise`.
pub(super) type Runner = Closure<dyn Fn(Request, bool, bool, bool) -> Promise>;

/// Sends the request of a `fetch` call with the session.
pub(super) fn runner(client: &SessionClient, page: &Page) -> Runner {
    let (client, page) = (client.clone(), page.clone());
    Closure::new(move |request: Request, sets_credentials: bool, is_stream: bool, may_retry: bool| {
        let caller_request = CallerRequest::new(&page, Clone::clone(&request), is_stream, may_retry);
        let rejection = caller_request.rejection();
        let builder = caller_request.builder(&client, sets_credentials).as_api_request();
        Promise::new(&mut |resolve, reject| {
            let (builder, rejection, request) = (builder.clone(), rejection.clone(), Clone::clone(&request));
            task::start_at_once(async move {
                let outcome = builder.send().await;
                let (settle, value) = match &outcome {
                    Ok(response) => match response.downcast_ref::<FetchResponse>() {
                        Some(response) => (resolve, JsValue::from(response.as_raw())),
                        None => (reject, JsValue::UNDEFINED),
                    },
                    Err(error) => (reject, rejection_of(error, rejection.take())),
                };
                // Listeners report their own errors, and the functions of a promise never throw.
                if let Some((error, status)) = script::failure(&outcome) {
                    let _ =
                        script::report_failure(&request, &value, error.name(), &error.to_string(), status);
                }
                let _ = settle.call1(&JsValue::UNDEFINED, &value);
            });
        })
    })
}

/// The native `fetch`'s own rejection, or the session's error as a `TypeError`, as `fetch` would reject.
fn rejection_of(error: &SessionError, rejection: Option<JsValue>) -> JsValue {
    match (error, rejection) {
        (SessionError::Network(_), Some(rejection)) => rejection,
        _ => TypeError::new(&error.to_string()).into(),
    }
}
