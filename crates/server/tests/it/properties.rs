//! Nothing that a browser or a key server can send makes the verifier panic, and no changed token authenticates.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};
use supertokens_server::RequestSession;
use tokio::runtime::Runtime;

use crate::support::*;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static SERVER: LazyLock<KeyServer> = LazyLock::new(|| RUNTIME.block_on(KeyServer::start()));

fn request(headers: &HeaderMap) -> RequestSession {
    // Outside of `block_on`, because the first use starts the server.
    let verifier = &SERVER.verifier;
    RUNTIME.block_on(verifier.verify(headers))
}

fn verify(headers: &HeaderMap) -> &'static str {
    let request = request(headers);
    let _ = request.call();
    outcome(&request)
}

fn cookie_text() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just("sAccessToken".to_owned()),
        Just("sFrontToken".to_owned()),
        Just("st-access-token".to_owned()),
        ".{0,8}",
    ];
    let value = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}".prop_map(String::into_bytes),
        json_value().prop_map(|payload| Key::one().token(&payload).into_bytes()),
        json_value().prop_map(|payload| front_of("user-1", 1 << 52, &payload).into_bytes()),
    ];
    proptest::collection::vec((name, value, "[;, =]{0,3}"), 0..5).prop_map(|pairs| {
        let pair = |(name, value, end): (String, Vec<u8>, String)| {
            [name.into(), b"=".to_vec(), value, end.into()].concat()
        };
        pairs.into_iter().map(pair).collect::<Vec<_>>().concat()
    })
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("sub".to_owned()),
        Just("exp".to_owned()),
        Just("iat".to_owned()),
        Just("stt".to_owned()),
        Just("kty".to_owned()),
        Just("n".to_owned()),
        Just("keys".to_owned()),
        ".{0,4}",
    ];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_headers_make_it_panic_or_authenticate(cookies in cookie_text(), authorization: Vec<u8>) {
        let mut headers = HeaderMap::new();
        for (name, bytes) in [("cookie", cookies), ("authorization", [b"Bearer ".to_vec(), authorization].concat())] {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.append(name, value);
            }
        }
        prop_assert_ne!(verify(&headers), "authenticated");
    }

    #[test]
    fn no_claims_make_it_panic(changes in json_value()) {
        let payload = match changes {
            Value::Object(changes) => with(payload(), Value::Object(changes)),
            other => other,
        };
        let front = front_of("user-1", (now_s() + 3600) * 1000, &payload);
        verify(&page(Some(&front), Some(&Key::one().token(&payload))));
    }

    #[test]
    fn no_token_header_makes_it_panic(header in json_value()) {
        let token = Key::one().token_with(&header, &payload());
        prop_assert_ne!(verify(&page(Some(&front(&payload())), Some(&token))), "authenticated");
    }

    #[test]
    fn a_changed_byte_of_the_token_never_authenticates(at in any::<prop::sample::Index>(), byte in 0x21..0x7f_u8) {
        let payload = payload();
        let mut token = Key::one().token(&payload).into_bytes();
        let at = at.index(token.len());
        prop_assume!(token[at] != byte && byte != b';');
        token[at] = byte;
        let token = String::from_utf8(token).unwrap();
        let headers = page(Some(&front(&payload)), Some(&token));
        prop_assert_ne!(verify(&headers), "authenticated");
        let request = request(&headers);
        prop_assert!(request.call().is_err());
    }

    #[test]
    fn no_location_breaks_out_of_its_header(location: String) {
        let request = request(&HeaderMap::new());
        request.redirect(&location);
        let response = request.apply(http::Response::new("page".to_owned()));
        prop_assert_eq!(response.status().as_u16(), 302);
        prop_assert!(response.headers()["location"].as_bytes().iter().all(u8::is_ascii_graphic));
        prop_assert_eq!(response.body(), "");
    }
}

static CHANGING_SERVER: LazyLock<KeyServer> = LazyLock::new(|| RUNTIME.block_on(KeyServer::start()));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_key_set_makes_it_panic(set in json_value(), key in json_value()) {
        let mut named = json!({ "kid": "d-1", "kty": "RSA", "n": "AQAB", "e": "AQAB" });
        if let Value::Object(fields) = key {
            named = with(named, Value::Object(fields));
        }
        let (front, token) = (front(&payload()), Key::one().token(&payload()));
        for body in [set, json!({ "keys": [named] })] {
            CHANGING_SERVER.set(Behaviour::Raw(response("200 OK", &body.to_string())));
            // With an empty cache.
            let verifier = CHANGING_SERVER.verifier.clone().key_set_url(&CHANGING_SERVER.url).unwrap();
            let outcome = outcome(&RUNTIME.block_on(verifier.verify(&page(Some(&front), Some(&token)))));
            prop_assert!(["not verified", "not trusted"].contains(&outcome), "{}", outcome);
        }
    }
}
