use js_sys::{Promise, TypeError};
use supertokens_session::{SessionClient, SessionError};
use wasm_bindgen::prelude::*;
use web_sys::Request;

use super::{given::Given, now};
use crate::{fetch::FetchResponse, page::Page};

/// `(request, has_chosen_credentials, is_stream, may_retry) -> promise`.
pub(super) type Runner = Closure<dyn Fn(Request, bool, bool, bool) -> Promise>;

/// Sends what `fetch` was asked to.
pub(super) fn runner(client: &SessionClient, page: &Page) -> Runner {
    let (client, page) = (client.clone(), page.clone());
    Closure::new(move |request: Request, has_chosen: bool, is_stream: bool, may_retry: bool| {
        let given = Given::new(&page, request, is_stream, may_retry);
        let refused = given.refusal();
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
