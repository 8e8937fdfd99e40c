//! Calls: this crate and the SDK decide the same about each request, with the same status and body.

use e2e::sdk::{AntiCsrf, Api, Setting, USER, with_api};
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use supertokens_server::{
    Require, Verifier,
    claims::{email_verified, permissions},
};

use crate::support::{front_of, headers, page, parts, unsigned};
use crate::{ADMIN, bearer, decoded, support, verifier, with_payload};

/// Status and body of the SDK's response to a call that needs a session; 200 and null if it has one.
pub(crate) async fn sdk(api: &Api, method: &Method, headers: &HeaderMap) -> (u16, Value) {
    let (path, body) = match *method {
        Method::GET => ("/api/me", Value::Null),
        _ => ("/api/orders", json!({ "item": "Webcam, 1080p", "quantity": 1 })),
    };
    let response = api.call(method.clone(), path, headers.clone(), body).await;
    let status = response.status().as_u16();
    if status < 300 { (200, Value::Null) } else { (status, response.into_body()) }
}

/// The same of this crate.
pub(crate) async fn own(verifier: &Verifier, method: &Method, headers: &HeaderMap) -> (u16, Value) {
    match verifier.verify_parts(&parts(method.clone(), headers.clone())).await.call() {
        Ok(_) => (200, Value::Null),
        Err(refusal) => (refusal.status().as_u16(), refusal.body()),
    }
}

fn with(mut headers: HeaderMap, others: HeaderMap) -> HeaderMap {
    headers.extend(others);
    headers
}

fn refused(message: &str) -> (u16, Value) {
    (401, json!({ "message": message }))
}

#[tokio::test]
async fn refusals_have_the_status_and_body_of_the_sdk() {
    with_api(Setting::default(), async |api| {
        let (verifier, method) = (verifier(api), Method::GET);
        let (good, other) = (api.sign_in(USER).await.access, api.sign_in(ADMIN).await.access);
        let [header, payload] = decoded(&good);
        let unsigned = format!("{}.", unsigned(&support::with(header, json!({ "alg": "none" })), &payload));
        let cookie = |token: &str| page(None, Some(token));
        let both = |in_cookie: &str, in_header: &str| with(cookie(in_cookie), bearer(in_header));
        let passes = (200, Value::Null);
        let [absent, wrong] = ["unauthorised", "try refresh token"].map(refused);
        let forged = with_payload(&good, json!({ "sub": "admin" }));
        let two = format!("sAccessToken={good}; sAccessToken={other}");
        let cut = good.rsplit_once('.').unwrap().0;
        for (name, headers, expected) in [
            ("nothing", HeaderMap::new(), &absent),
            ("a front token alone", page(Some(&front_of("user-1", i64::MAX, &payload)), None), &absent),
            ("a text as cookie", cookie("forged"), &absent),
            ("a text as bearer", bearer("forged"), &absent),
            ("another scheme", headers(&[("authorization", "Basic dXNlcjpwYXNz")]), &absent),
            ("no signature", cookie(cut), &absent),
            ("another kind of token", cookie(&with_payload(&good, json!({ "stt": 1 }))), &absent),
            ("no session", cookie(&with_payload(&good, json!({ "sessionHandle": null }))), &absent),
            ("a changed payload", cookie(&forged), &wrong),
            ("a changed payload as bearer", bearer(&forged), &wrong),
            ("no algorithm", cookie(&unsigned), &wrong),
            ("two cookies", headers(&[("cookie", &two)]), &wrong),
            ("a cookie", cookie(&good), &passes),
            ("a bearer token", bearer(&good), &passes),
            ("a wrong bearer token before a cookie", both(&good, &forged), &wrong),
            ("a bearer token before a wrong cookie", both(&forged, &good), &passes),
            ("another bearer token beside a cookie", both(&good, "of-a-gateway"), &passes),
        ] {
            assert_eq!(&sdk(api, &method, &headers).await, expected, "the SDK with {name}");
            assert_eq!(&own(&verifier, &method, &headers).await, expected, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn anti_csrf_checks_by_token_pass_and_refuse_as_in_the_sdk() {
    checks_as_the_sdk(AntiCsrf::ViaToken, supertokens_server::AntiCsrf::ViaToken, &["the token"]).await;
}

#[tokio::test]
async fn anti_csrf_checks_by_custom_header_pass_and_refuse_as_in_the_sdk() {
    checks_as_the_sdk(AntiCsrf::ViaCustomHeader, supertokens_server::AntiCsrf::ViaCustomHeader, &["rid"])
        .await;
}

#[tokio::test]
async fn without_anti_csrf_no_header_is_needed_as_in_the_sdk() {
    checks_as_the_sdk(
        AntiCsrf::None,
        supertokens_server::AntiCsrf::None,
        &["nothing", "the token", "another token", "rid"],
    )
    .await;
}

/// Sends calls of both methods, with the token as cookie and as bearer, and each proof.
async fn checks_as_the_sdk(setting: AntiCsrf, anti_csrf: supertokens_server::AntiCsrf, accepted: &[&str]) {
    with_api(Setting::default().anti_csrf(setting), async |api| {
        let tokens = api.sign_in(USER).await;
        let verifier = verifier(api).anti_csrf(anti_csrf);
        for (name, proof) in [
            ("nothing", None),
            ("the token", Some(("anti-csrf", tokens.anti_csrf.as_str()))),
            ("another token", Some(("anti-csrf", "wrong"))),
            ("rid", Some(("rid", "anti-csrf"))),
        ] {
            for (method, sent, passes) in [
                (Method::GET, page(None, Some(&tokens.access)), true),
                (Method::GET, bearer(&tokens.access), true),
                (Method::POST, page(None, Some(&tokens.access)), accepted.contains(&name)),
                (Method::POST, bearer(&tokens.access), true),
            ] {
                let call = with(sent, headers(proof.as_slice()));
                let expected = if passes { (200, Value::Null) } else { refused("try refresh token") };
                assert_eq!(sdk(api, &method, &call).await, expected, "the SDK: {method} with {name}");
                assert_eq!(own(&verifier, &method, &call).await, expected, "{method} with {name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_unmet_requirement_is_refused_with_the_body_of_the_sdk() {
    with_api(Setting::default(), async |api| {
        let verifier = verifier(api);
        let [user, admin] = [api.sign_in(USER).await.access, api.sign_in(ADMIN).await.access];
        for (token, path, require, status) in [
            (&user, "/api/admin/users", Require::role("admin"), 403),
            (&user, "/api/invoices", Require::claim(email_verified()), 403),
            (&admin, "/api/admin/users", Require::role("admin"), 200),
            (&admin, "/api/invoices", Require::claim(email_verified()), 403),
        ] {
            let response = api.call(Method::GET, path, bearer(token), Value::Null).await;
            assert_eq!(response.status(), status, "{path}");
            let session = verifier.verify(&bearer(token)).await.call().unwrap();
            let refusal = session.require(&require).err().map(|refusal| (refusal.status(), refusal.body()));
            let expected = (status != 200).then(|| (response.status(), response.body().clone()));
            assert_eq!(refusal, expected, "{path}");
        }
        // No path of the server needs a permission, but the payload has them.
        let session = verifier.verify(&bearer(&user)).await.call().unwrap();
        assert!(session.require(&Require::permission("orders:write")).is_ok());
        let both = permissions().includes_all(["orders:read".to_owned(), "users:write".to_owned()]);
        assert_eq!(session.require(&Require::claim(both)).unwrap_err().status(), 403);
    })
    .await;
}
