//! The mails that the demo stores instead of sending them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Browser, default_api};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";

#[tokio::test]
async fn all_mails_to_an_address_the_newest_first() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    jo.post("/auth/user/email/verify/token", json!({})).await.is(200);
    jo.post("/auth/signinup/code", json!({ "email": "bo@example.com" })).await.is(200);
    jo.post("/auth/signinup/code", json!({ "email": JO })).await.is(200);
    let form = json!({ "formFields": [{ "id": "email", "value": JO }] });
    jo.post("/auth/user/password/reset/token", form).await.is(200);

    let mailbox = jo.get("/api/demo/mailbox").await.is(200).json();
    let mails = Browser::new(&app).get("/api/demo/mails?to=Jo@example.com").await.is(200).json();
    let mails = mails.as_array().unwrap();
    let subjects: Vec<&Value> = mails.iter().map(|mail| &mail["subject"]).collect();
    assert_eq!(subjects, ["Reset your password", "Sign in to the example app", "Verify your e-mail"]);
    assert_eq!(mails[2]["code"], mailbox["code"]);
    for (mail, parts) in mails.iter().zip([&["link"][..], &["link", "code"], &["code"]]) {
        assert_eq!(mail.as_object().unwrap().len(), 2 + parts.len(), "{mail}");
        for part in parts {
            assert!(mail["text"].as_str().unwrap().contains(mail[part].as_str().unwrap()), "{mail}");
        }
    }
}

#[tokio::test]
async fn the_oldest_of_a_thousand_mails_is_dropped() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    for email in ["bo@example.com"].into_iter().chain([JO; 1000]) {
        jo.post("/auth/signinup/code", json!({ "email": email })).await.is(200);
    }
    assert_eq!(jo.mail("bo@example.com").await, Value::Null);
    assert_eq!(jo.get(&format!("/api/demo/mails?to={JO}")).await.json().as_array().unwrap().len(), 1000);
}
