//! Builds the arguments of `fetch`.

use js_sys::{JSON, Reflect, Uint8Array};
use supertokens_session::platform::{Body, Credentials, Method, TransportRequest};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, ReadableStream, Request, RequestInit};

use crate::kind::is_a;

/// The arguments of `fetch`.
pub(super) enum BuiltRequest {
    /// A `Request`. Its constructor throws for a request that the browser can't send.
    Request(Request),
    /// A URL and options that the browser can always send. A `Request` would add half of the cost of the other steps.
    UrlAndInit(JsValue, RequestInit),
}

impl BuiltRequest {
    pub(super) fn new(
        request: &TransportRequest,
        abort: &AbortController,
        is_keepalive: bool,
    ) -> Result<Self, JsValue> {
        let init: RequestInit = JSON::parse(&init_json(request, is_keepalive))?.unchecked_into();
        init.set_signal(Some(&abort.signal()));
        let url = request.url.as_str();
        match (&request.body, &request.method) {
            (Body::Empty, Method::Other(_)) => {}
            (Body::Empty, _) => return Ok(Self::UrlAndInit(url.into(), init)),
            (body, _) => set_body(&init, body)?,
        }
        Request::new_with_str_and_init(url, &init).map(Self::Request)
    }
}

fn set_body(init: &RequestInit, body: &Body) -> Result<(), JsValue> {
    match body {
        Body::Empty => {}
        Body::Text(text) => init.set_body(&JsValue::from_str(text)),
        Body::Bytes(bytes) => init.set_body(&Uint8Array::from(&bytes[..])),
        Body::Platform(body) => {
            let body = body.downcast_ref::<JsValue>().ok_or(JsValue::UNDEFINED)?;
            // The client may send this body twice, which a stream does not allow.
            if is_a(body, "ReadableStream") {
                return Err(JsValue::UNDEFINED);
            }
            init.set_body(body);
        }
        Body::Stream(body) => {
            if !sends_streams() {
                return Err(JsValue::UNDEFINED);
            }
            init.set_body(body.downcast_ref::<JsValue>().ok_or(JsValue::UNDEFINED)?);
            // Browsers require it for a stream.
            Reflect::set(init, &"duplex".into(), &"half".into())?;
        }
    }
    Ok(())
}

/// The options as JSON. One string is much cheaper than a `Headers` that is filled from wasm, header by header.
fn init_json(request: &TransportRequest, is_keepalive: bool) -> String {
    let mut text = String::from("{\"method\":");
    push_quoted(&mut text, request.method.as_str());
    text.push_str(",\"headers\":{");
    for (index, (name, value)) in request.headers.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_quoted(&mut text, name);
        text.push(':');
        push_quoted(&mut text, value);
    }
    text.push('}');
    if let Some(credentials) = request.credentials {
        text.push_str(",\"credentials\":");
        push_quoted(
            &mut text,
            match credentials {
                Credentials::Omit => "omit",
                Credentials::SameOrigin => "same-origin",
                Credentials::Include => "include",
            },
        );
    }
    if is_keepalive {
        text.push_str(",\"keepalive\":true");
    }
    text.push('}');
    text
}

/// Quotes a header's value. A header can hold no other characters that JSON escapes.
fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\t' => text.push_str("\\t"),
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Whether the browser can send streams. Otherwise it converts the stream to text and adds a content type.
fn sends_streams() -> bool {
    let probe = || -> Result<bool, JsValue> {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&ReadableStream::new()?.into());
        Reflect::set(&init, &"duplex".into(), &"half".into())?;
        Request::new_with_str_and_init("/", &init)?.headers().has("content-type")
    };
    probe().is_ok_and(|has_content_type| !has_content_type)
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use supertokens_session::wire::{headers::Headers, url::Url};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn every_legal_header_value_is_sent_unchanged() {
        let value = "a\t\"b\" \\ \\\" \\u0041 caf\u{e9} {}:,'";
        let mut headers = Headers::new();
        for (name, value) in [("X-One", value), ("__proto__", "2"), ("x-none", "")] {
            headers.set(name, value).unwrap();
        }
        let parts = TransportRequest {
            method: Method::from_name("A'B").unwrap(),
            url: Url::parse("https://api.example.com/").unwrap(),
            headers,
            body: Body::Empty,
            credentials: Some(Credentials::Omit),
        };
        let Ok(BuiltRequest::Request(request)) =
            BuiltRequest::new(&parts, &AbortController::new().unwrap(), false)
        else {
            panic!()
        };
        assert_eq!(request.method(), "A'B");
        let sent = |name| request.headers().get(name).unwrap();
        assert_eq!(sent("x-one").as_deref(), Some(value));
        assert_eq!(sent("__proto__").as_deref(), Some("2"));
        assert_eq!(sent("x-none").as_deref(), Some(""));
    }
}
