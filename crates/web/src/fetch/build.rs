//! The browser's own request.

use js_sys::{JSON, Reflect, Uint8Array};
use supertokens_session::platform::{Body, Credentials, Method, TransportRequest};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, ReadableStream, Request, RequestInit};

use crate::kind::is_a;

/// What `fetch` is called with.
pub(super) enum Built {
    /// A `Request`: what no browser would send is found out before the call.
    Whole(Request),
    /// An address and options, where nothing can be wrong with them. A `Request` costs half of all the rest.
    Parts(JsValue, RequestInit),
}

impl Built {
    pub(super) fn new(
        request: &TransportRequest,
        abort: &AbortController,
        is_keepalive: bool,
    ) -> Result<Self, JsValue> {
        let init: RequestInit = JSON::parse(&init_text(request, is_keepalive))?.unchecked_into();
        init.set_signal(Some(&abort.signal()));
        let url = request.url.to_string();
        match (&request.body, &request.method) {
            (Body::Empty, Method::Other(_)) => {}
            (Body::Empty, _) => return Ok(Self::Parts(url.into(), init)),
            (body, _) => set_body(&init, body)?,
        }
        Request::new_with_str_and_init(&url, &init).map(Self::Whole)
    }
}

fn set_body(init: &RequestInit, body: &Body) -> Result<(), JsValue> {
    match body {
        Body::Empty => {}
        Body::Text(text) => init.set_body(&JsValue::from_str(text)),
        Body::Bytes(bytes) => init.set_body(&Uint8Array::from(&bytes[..])),
        Body::Platform(body) => {
            let body = body.downcast_ref::<JsValue>().ok_or(JsValue::UNDEFINED)?;
            // It can't be sent again, which is what such a body is for.
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
            // Without it browsers take no stream.
            Reflect::set(init, &"duplex".into(), &"half".into())?;
        }
    }
    Ok(())
}

/// All that is text, in JSON. One text costs a fraction of what a `Headers` costs that is filled from here, header by
/// header.
fn init_text(request: &TransportRequest, is_keepalive: bool) -> String {
    let mut text = String::from("{\"method\":");
    push_quoted(&mut text, request.method.as_str());
    text.push_str(",\"headers\":{");
    for (at, (name, value)) in request.headers.iter().enumerate() {
        if at > 0 {
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

/// A text that a header can hold has no more to be escaped.
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

/// Whether the browser sends streams. One that does not makes a text of them, which a content type gives away.
fn sends_streams() -> bool {
    let probe = || -> Result<bool, JsValue> {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&ReadableStream::new()?.into());
        Reflect::set(&init, &"duplex".into(), &"half".into())?;
        Request::new_with_str_and_init("/", &init)?.headers().has("content-type")
    };
    probe().is_ok_and(|is_text| !is_text)
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use supertokens_session::wire::{headers::Headers, url::Url};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn what_a_header_can_hold_gets_there() {
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
        let Ok(Built::Whole(request)) = Built::new(&parts, &AbortController::new().unwrap(), false) else {
            panic!()
        };
        assert_eq!(request.method(), "A'B");
        let sent = |name| request.headers().get(name).unwrap();
        assert_eq!(sent("x-one").as_deref(), Some(value));
        assert_eq!(sent("__proto__").as_deref(), Some("2"));
        assert_eq!(sent("x-none").as_deref(), Some(""));
    }
}
