//! Tokens made from those of a real session. None of them authenticates a page or a call.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use e2e::sdk::{Setting, USER, with_api};
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use supertokens_server::Verifier;

use crate::support::{Key, front, page, pass, unsigned, with};
use crate::{PAUSE, bearer, decoded, outcome, support, verifier, visit, with_payload};

/// The claims that a forger would like to have.
fn as_admin(payload: &Value) -> Value {
    with(payload.clone(), json!({ "st-role": { "v": ["admin"], "t": 1 } }))
}

#[tokio::test]
async fn a_forged_front_token_does_not_authenticate() {
    with_api(Setting::default(), async |api| {
        let real = api.sign_in(USER).await;
        let [_, payload] = decoded(&real.access);
        let forged = front(&as_admin(&payload));
        let verifier = verifier(api);
        for access in [Some(real.access.as_str()), None] {
            let request = verifier.verify(&page(Some(&forged), access)).await;
            assert_eq!(support::outcome(&request), "to be refreshed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_forged_access_token_is_not_trusted() {
    with_api(Setting::default(), async |api| {
        let verifier = verifier(api);
        let real = api.sign_in(USER).await;
        assert_eq!(outcome(&verifier, &real).await, "authenticated");
        let [header, payload] = decoded(&real.access);
        let forged = as_admin(&payload);
        let keys = api.call(Method::GET, "/auth/jwt/jwks.json", HeaderMap::new(), Value::Null).await;
        let mut keys = keys.body()["keys"].as_array().unwrap().iter();
        let public_key = keys.find(|key| key["kid"] == header["kid"]).unwrap();
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(public_key["n"].as_str().unwrap()).unwrap();
        let signed_by_hmac = |secret: &[u8]| {
            let signed = unsigned(&with(header.clone(), json!({ "alg": "HS256" })), &forged);
            let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
            let signature = aws_lc_rs::hmac::sign(&secret, signed.as_bytes());
            format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
        };
        // So that the verifier may ask for an unknown key.
        pass(PAUSE).await;
        for (name, access) in [
            ("the signature of another payload", with_payload(&real.access, as_admin(&payload))),
            ("the signature of another key", Key::one().token_with(&header, &forged)),
            ("an unknown key", Key::one().token(&forged)),
            (
                "no algorithm",
                format!("{}.", unsigned(&with(header.clone(), json!({ "alg": "none" })), &forged)),
            ),
            ("HS256 with the modulus", signed_by_hmac(&modulus)),
            ("HS256 with the public key", signed_by_hmac(public_key.to_string().as_bytes())),
        ] {
            let request = verifier.verify(&page(Some(&front(&forged)), Some(&access))).await;
            assert_eq!(support::outcome(&request), "not trusted", "{name}");
            assert_eq!(request.call().unwrap_err().to_string(), "try refresh token", "{name}");
            assert!(verifier.verify(&bearer(&access)).await.call().is_err(), "{name} as bearer");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_of_the_older_generation_is_not_trusted() {
    with_api(Setting::older(), async |api| {
        let request = visit(&verifier(api), &api.sign_in(USER).await).await;
        assert_eq!(support::outcome(&request), "not trusted");
        assert_eq!(request.call().unwrap_err().to_string(), "unauthorised");
    })
    .await;
}

#[tokio::test]
async fn a_token_of_another_issuer_is_trusted_only_if_the_settings_say_so() {
    with_api(Setting::default(), async |api| {
        let real = api.sign_in(USER).await;
        let keys = format!("{}/auth/jwt/jwks.json", api.url());
        let elsewhere =
            Verifier::new("https://api.example.com", "/auth").unwrap().key_set_url(&keys).unwrap();
        assert_eq!(outcome(&elsewhere, &real).await, "not trusted");
        assert!(visit(&elsewhere, &real).await.call().is_err());
        for issuer in [None, Some(format!("{}/auth", api.url()))] {
            assert_eq!(outcome(&elsewhere.clone().issuer(issuer), &real).await, "authenticated");
        }
    })
    .await;
}

mod stand_in {
    use std::time::Duration;

    use super::*;
    use crate::calls::{own, sdk};

    /// The core signs tokens of other kinds with the same keys, such as those of the JWT recipe and of OAuth2.
    #[tokio::test]
    async fn a_token_of_another_kind_and_the_same_key_is_not_trusted() {
        with_api(Setting::default(), async |api| {
            let verifier = verifier(api);
            let real = api.sign_in(USER).await;
            let [_, payload] = decoded(&real.access);
            for (changes, expected, sdk_accepts) in [
                (json!({}), "authenticated", true),
                (json!({ "stt": 0 }), "authenticated", true),
                (json!({ "stt": 1 }), "not trusted", false),
                (json!({ "stt": 2 }), "not trusted", false),
                (json!({ "sessionHandle": null }), "not trusted", false),
                // The SDK checks no issuer.
                (json!({ "iss": "https://evil.example/auth" }), "not trusted", true),
            ] {
                let payload = with(payload.clone(), changes.clone());
                let access = api.controls.sign(&payload).await;
                let request = verifier.verify(&page(Some(&front(&payload)), Some(&access))).await;
                assert_eq!(support::outcome(&request), expected, "{changes}");
                assert_eq!(request.call().is_ok(), expected == "authenticated", "{changes}");
                let (status, _) = sdk(api, &Method::GET, &bearer(&access)).await;
                assert_eq!(status == 200, sdk_accepts, "the SDK with {changes}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn an_expired_token_counts_within_the_leeway_and_not_beyond_it() {
        with_api(Setting::default().access_token_seconds(1), async |api| {
            let tokens = api.sign_in(USER).await;
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            for (leeway, expected) in [(0, "to be refreshed"), (60, "authenticated")] {
                let verifier = verifier(api).leeway(Duration::from_secs(leeway));
                assert_eq!(outcome(&verifier, &tokens).await, expected);
                assert_eq!(visit(&verifier, &tokens).await.call().is_ok(), expected == "authenticated");
            }
            // The SDK has no leeway, and the same refusal.
            let exact = verifier(api).leeway(Duration::ZERO);
            let call = bearer(&tokens.access);
            assert_eq!(own(&exact, &Method::GET, &call).await, sdk(api, &Method::GET, &call).await);
        })
        .await;
    }
}
