//! A front token is not signed. Only one that equals the access token counts.

use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn a_front_token_of_another_user_expiry_or_payload_has_to_be_refreshed() {
    let server = KeyServer::start().await;
    let good = payload();
    let (token, exp) = (Key::one().token(&good), good["exp"].as_i64().unwrap());
    for (front, expected) in [
        (front_of("user-1", exp * 1000, &good), "authenticated"),
        (front_of("user-1", exp * 1000 + 999, &good), "authenticated"),
        (front_of("user-2", exp * 1000, &good), "to be refreshed"),
        (front_of("user-1", (exp + 1) * 1000, &good), "to be refreshed"),
        (front_of("user-1", exp * 1000, &json!({})), "to be refreshed"),
        (
            front_of("user-1", exp * 1000, &with(good.clone(), json!({ "st-role": { "v": ["owner"] } }))),
            "to be refreshed",
        ),
    ] {
        assert_eq!(server.outcome(Some(&front), Some(&token)).await, expected, "{front}");
    }
}

#[tokio::test]
async fn equal_payloads_of_other_notation_are_equal() {
    use base64::{Engine, prelude::BASE64_STANDARD};

    let server = KeyServer::start().await;
    let good = with(payload(), json!({ "name": "日本", "share": 0.5, "count": 12 }));
    let token = Key::one().token(&good);
    let text =
        json!({ "ate": good["exp"].as_i64().unwrap() * 1000, "up": good, "uid": "user-1" }).to_string();
    let text = text.replace("日本", "\\u65e5\\u672c").replace(":12", ": 1.2e1").replace("0.5", "5e-1");
    assert_eq!(server.outcome(Some(&BASE64_STANDARD.encode(text)), Some(&token)).await, "authenticated");
}

#[tokio::test]
async fn a_front_token_alone_never_counts() {
    let server = KeyServer::start().await;
    for (uid, ate) in [("user-1", i64::MAX), ("", 1 << 52), ("user-1", (now_s() + 3600) * 1000)] {
        let front = front_of(uid, ate, &payload());
        assert_eq!(server.outcome(Some(&front), None).await, "to be refreshed");
        let request = server.verifier.verify(&page(Some(&front), None)).await;
        assert_eq!(request.call().unwrap_err().to_string(), "unauthorised");
    }
}
