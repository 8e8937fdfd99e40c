use std::rc::Rc;

use supertokens_session::platform::Body;
use wasm_bindgen::JsValue;
use web_sys::{FormData, UrlSearchParams};

use crate::browser::is_a;

/// A body that is a browser object: a `FormData`, `Blob`, `File`, `URLSearchParams` or any other type that `fetch`
/// takes. It is sent by reference, without a copy in wasm memory.
///
/// A `ReadableStream` can be sent only once: see [`Body::Stream`].
///
/// ```no_run
/// use supertokens_session::{SessionClient, SessionError};
///
/// # async fn run(client: &SessionClient, file: web_sys::Blob) -> Result<(), SessionError> {
/// client.put("/avatar").body(supertokens_web::body(file)).send().await?;
/// # Ok(())
/// # }
/// ```
pub fn body(value: impl Into<JsValue>) -> Body {
    let value = value.into();
    if is_a(&value, "ReadableStream") { Body::Stream(Rc::new(value)) } else { Body::Platform(Rc::new(value)) }
}

/// A form's fields as `application/x-www-form-urlencoded`. `None` if the browser can't read them.
///
/// ```no_run
/// # fn run(form: &web_sys::FormData) {
/// let body = supertokens_web::url_encoded_body(form);
/// # let _ = body;
/// # }
/// ```
pub fn url_encoded_body(form: &FormData) -> Option<Body> {
    let fields = UrlSearchParams::new_with_str_sequence_sequence(form).ok()?;
    Some(Body::from(String::from(fields.to_string())))
}
