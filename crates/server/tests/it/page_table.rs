//! The rows of the table of `PageSession`.

use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn each_row_has_its_outcome() {
    let server = KeyServer::start().await;
    let (key, good) = (Key::one(), payload());
    let (good_front, good_token) = (front(&good), key.token(&good));
    let expired = payload_expiring(now_s() - 60);
    let changed = with(good.clone(), json!({ "plan": "pro" }));
    let rows = [
        (None, None, "signed out"),
        (None, Some(good_token.clone()), "signed out"),
        (Some("remove".to_owned()), Some(good_token.clone()), "signed out"),
        (Some("%%%".to_owned()), Some(good_token.clone()), "signed out"),
        (Some(front(&expired)), None, "to be refreshed"),
        (Some(front(&expired)), Some(key.token(&expired)), "to be refreshed"),
        (Some(front(&expired)), Some("forged".to_owned()), "to be refreshed"),
        (Some(good_front.clone()), None, "to be refreshed"),
        (Some(good_front.clone()), Some(key.token(&expired)), "to be refreshed"),
        (Some(good_front.clone()), Some("forged".to_owned()), "not trusted"),
        (Some(good_front.clone()), Some(format!("{good_token}A")), "not trusted"),
        (Some(front(&changed)), Some(good_token.clone()), "to be refreshed"),
        (Some(good_front.clone()), Some(key.token(&changed)), "to be refreshed"),
        (Some(good_front), Some(good_token), "authenticated"),
    ];
    for (index, (front, token, expected)) in rows.iter().enumerate() {
        let outcome = server.outcome(front.as_deref(), token.as_deref()).await;
        assert_eq!(outcome, *expected, "row {index}");
    }
}

#[tokio::test]
async fn the_key_server_is_down_so_the_session_is_not_verified() {
    let server = KeyServer::behaving(Behaviour::Closes).await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not verified");
}

#[tokio::test]
async fn an_authenticated_session_has_the_claims_of_its_token() {
    let server = KeyServer::start().await;
    let good = with(payload(), json!({ "rsub": "login-1", "tId": "customers" }));
    let request = server.verifier.verify(&page(Some(&front(&good)), Some(&Key::one().token(&good)))).await;
    let session = request.page().session().unwrap();
    assert_eq!((session.user_id(), session.recipe_user_id()), ("user-1", "login-1"));
    assert_eq!((session.session_handle(), session.tenant_id()), ("handle-1", "customers"));
    assert_eq!(session.expires_at().as_secs() as i64, good["exp"].as_i64().unwrap());
    assert_eq!(session.payload(), &good);
    assert_eq!(session.front_token().unwrap().user_id(), "user-1");
    let shown = format!("{session:?} {request:?} {:?}", server.verifier);
    assert!(!shown.contains("user-1") && !shown.contains("handle-1"), "{shown}");
}

#[tokio::test]
async fn an_expiry_within_the_leeway_counts_as_good() {
    let server = KeyServer::start().await;
    let payload = payload_expiring(now_s() - 20);
    assert_eq!(server.outcome_of(&Key::one(), &payload).await, "to be refreshed");
    let lenient = server.verifier.clone().leeway(std::time::Duration::from_secs(60));
    let headers = page(Some(&front(&payload)), Some(&Key::one().token(&payload)));
    assert_eq!(outcome(&lenient.verify(&headers).await), "authenticated");
}

#[tokio::test]
async fn a_page_of_header_mode_has_its_token_in_a_cookie_of_the_page() {
    let server = KeyServer::start().await;
    let good = payload();
    let cookies = format!("st-access-token={}; sFrontToken={}", Key::one().token(&good), front(&good));
    let request = server.verifier.verify(&headers(&[("cookie", &cookies)])).await;
    assert_eq!(outcome(&request), "authenticated");
    // A call carries the token in `Authorization`.
    assert_eq!(request.call().unwrap_err().status(), 401);
}

#[tokio::test]
async fn another_kind_of_bearer_token_hides_no_cookie() {
    let server = KeyServer::start().await;
    let good = payload();
    let mut headers = page(Some(&front(&good)), Some(&Key::one().token(&good)));
    headers.insert("authorization", "Bearer of-a-gateway".parse().unwrap());
    assert_eq!(outcome(&server.verifier.verify(&headers).await), "authenticated");
}

#[tokio::test]
async fn two_access_token_cookies_have_to_be_refreshed() {
    let server = KeyServer::start().await;
    let good = payload();
    let token = Key::one().token(&good);
    let cookies = format!("sAccessToken={token}; sFrontToken={}; sAccessToken={token}", front(&good));
    let request = server.verifier.verify(&headers(&[("cookie", &cookies)])).await;
    assert_eq!(outcome(&request), "to be refreshed");
    assert_eq!(request.call().unwrap_err().to_string(), "try refresh token");
}
