//! Calls: the access token alone counts, with the check against calls from other sites.

use http::{HeaderMap, Method, StatusCode};
use serde_json::json;
use supertokens_server::{AntiCsrf, Reason, Refusal, Require, VerifiedSession, Verifier};

use crate::support::*;

async fn call(verifier: &Verifier, method: Method, headers: HeaderMap) -> Result<VerifiedSession, Refusal> {
    verifier.verify_parts(&parts(method, headers)).await.call()
}

#[tokio::test]
async fn a_call_needs_no_front_token() {
    let server = KeyServer::start().await;
    let token = Key::one().token(&payload());
    for headers in [
        headers(&[("authorization", &format!("Bearer {token}"))]),
        headers(&[("authorization", &format!("bearer  {token} "))]),
        page(None, Some(&token)),
        page(Some("%%%"), Some(&token)),
    ] {
        let session = call(&server.verifier, Method::POST, headers).await.unwrap();
        assert_eq!(session.user_id(), "user-1");
        assert!(session.front_token().is_none());
    }
}

#[tokio::test]
async fn a_bearer_token_comes_before_a_cookie() {
    let server = KeyServer::start().await;
    let (key, other) = (Key::one(), with(payload(), json!({ "sub": "user-2" })));
    let mut headers = page(None, Some(&key.token(&payload())));
    headers.insert("authorization", format!("Bearer {}", key.token(&other)).parse().unwrap());
    assert_eq!(call(&server.verifier, Method::GET, headers).await.unwrap().user_id(), "user-2");
}

#[tokio::test]
async fn refusals_have_the_status_and_body_of_the_backend_sdk() {
    let server = KeyServer::start().await;
    let (key, expired) = (Key::one(), payload_expiring(now_s() - 60));
    for (token, body) in [
        (None, "unauthorised"),
        (Some("forged".to_owned()), "unauthorised"),
        (Some(key.token(&with(payload(), json!({ "stt": 1 })))), "unauthorised"),
        (Some(key.token(&expired)), "try refresh token"),
        (Some(key.token(&payload()) + "A"), "try refresh token"),
        (Some(Key::two().token(&payload())), "try refresh token"),
    ] {
        let refusal = call(&server.verifier, Method::GET, page(None, token.as_deref())).await.unwrap_err();
        assert_eq!(
            (refusal.status().as_u16(), refusal.body()),
            (401, json!({ "message": body })),
            "{token:?}"
        );
    }
}

#[tokio::test]
async fn a_requirement_that_is_not_met_is_refused_with_its_claims() {
    let server = KeyServer::start().await;
    let session =
        call(&server.verifier, Method::GET, page(None, Some(&Key::one().token(&payload())))).await.unwrap();
    assert!(session.require(&Require::role("admin")).is_ok());
    let refusal = session.require(&Require::role("owner")).unwrap_err();
    let reason = json!({ "message": "wrong value", "expectedToInclude": "owner", "actualValue": ["admin"] });
    let body = json!({ "message": "invalid claim", "claimValidationErrors": [{ "id": "st-role", "reason": reason }] });
    assert_eq!((refusal.status().as_u16(), refusal.body()), (403, body));
    let Reason::InvalidClaims(errors) = refusal.reason() else { panic!("{refusal:?}") };
    assert_eq!(errors[0].id, "st-role");
}

#[tokio::test]
async fn statuses_can_be_changed() {
    let server = KeyServer::start().await;
    let verifier = server
        .verifier
        .clone()
        .session_expired_status(StatusCode::from_u16(440).unwrap())
        .invalid_claim_status(StatusCode::CONFLICT);
    assert_eq!(call(&verifier, Method::GET, HeaderMap::new()).await.unwrap_err().status(), 440);
    let session =
        call(&verifier, Method::GET, page(None, Some(&Key::one().token(&payload())))).await.unwrap();
    assert_eq!(session.require(&Require::role("owner")).unwrap_err().status(), 409);
}

/// How a token is sent, the headers beside it, and the method.
#[tokio::test]
async fn calls_with_a_cookie_pass_the_anti_csrf_check() {
    let server = KeyServer::start().await;
    let good = with(payload(), json!({ "antiCsrfToken": "secret" }));
    let (token, without) = (Key::one().token(&good), Key::one().token(&payload()));
    use AntiCsrf::{None as NoCheck, ViaCustomHeader, ViaToken};
    let (right, wrong, rid) = (("anti-csrf", "secret"), ("anti-csrf", "other"), ("rid", "anti-csrf"));
    for (setting, token, header, passes) in [
        (NoCheck, &token, None, true),
        (NoCheck, &token, Some(wrong), true),
        (ViaToken, &token, None, false),
        (ViaToken, &token, Some(wrong), false),
        (ViaToken, &token, Some(rid), false),
        (ViaToken, &token, Some(right), true),
        (ViaToken, &without, Some(right), false),
        (ViaToken, &without, None, false),
        (ViaToken, &without, Some(("anti-csrf", "")), false),
        (ViaCustomHeader, &token, None, false),
        (ViaCustomHeader, &token, Some(right), false),
        (ViaCustomHeader, &token, Some(rid), true),
        (ViaCustomHeader, &token, Some(("rid", "session")), true),
    ] {
        let verifier = server.anti_csrf(setting);
        let sent = |mut headers: HeaderMap| {
            if let Some((name, value)) = header {
                headers.insert(name, value.parse().unwrap());
            }
            headers
        };
        let case = format!("{setting:?} {header:?}");
        for method in
            [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::from_bytes(b"ODD").unwrap()]
        {
            let outcome = call(&verifier, method.clone(), sent(page(None, Some(token)))).await;
            assert_eq!(outcome.is_ok(), passes, "{case} {method}");
            if let Err(refusal) = outcome {
                assert_eq!((refusal.status().as_u16(), &*refusal.to_string()), (401, "try refresh token"));
            }
        }
        // Without the method the check applies.
        let request = verifier.verify(&sent(page(None, Some(token)))).await;
        assert_eq!(request.call().is_ok(), passes, "{case} without a method");
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            assert!(call(&verifier, method, sent(page(None, Some(token)))).await.is_ok(), "{case}");
        }
        let bearer = headers(&[("authorization", &format!("Bearer {token}"))]);
        assert!(call(&verifier, Method::POST, sent(bearer)).await.is_ok(), "{case} with a bearer token");
    }
}

#[tokio::test]
async fn a_page_is_rendered_without_an_anti_csrf_header() {
    let server = KeyServer::start().await;
    let good = payload();
    let headers = page(Some(&front(&good)), Some(&Key::one().token(&good)));
    for setting in [AntiCsrf::ViaToken, AntiCsrf::ViaCustomHeader] {
        let request = server.anti_csrf(setting).verify_parts(&parts(Method::POST, headers.clone())).await;
        assert_eq!(outcome(&request), "authenticated");
        assert!(request.call().is_err());
    }
}
