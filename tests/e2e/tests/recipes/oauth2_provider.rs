//! This app is the login page of another app.

use serde_json::json;
use supertokens_recipes::oauth2_provider::{
    LoginChallengeInfo, OAuth2Error, RedirectUrl, log_out, login_challenge_info, login_challenge_of_page,
    logout_challenge_of_page, redirect_url_to_continue,
};
use supertokens_session::Url;

use crate::{EMAIL, assert_signed_in, assert_signed_out, newcomer, visitor, with_recipes};

/// What an unknown or used challenge gets.
fn assert_not_found(error: &OAuth2Error) {
    assert_eq!(error.error, "Not Found");
    assert_eq!(error.description, "Unable to locate the requested resource");
}

fn url_of(outcome: RedirectUrl) -> Url {
    match outcome {
        RedirectUrl::Ok { url } => Url::parse(&url).expect("an http(s) URL"),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn the_login_page_can_name_the_app_that_asks() {
    with_recipes(async |api| {
        let client = visitor(api);
        let challenge = api.controls.login_challenge(json!({})).await;
        let outcome = login_challenge_info(&client, &challenge).await.unwrap();
        let LoginChallengeInfo::Ok { app } = outcome else { panic!("{outcome:?}") };
        assert_eq!(app.client_id, "demo-app");
        assert!(!app.client_name.is_empty());
        for unknown in ["unknown", ""] {
            let outcome = login_challenge_info(&client, unknown).await.unwrap();
            let LoginChallengeInfo::Error(error) = outcome else { panic!("{outcome:?}") };
            assert_not_found(&error);
        }
        assert_eq!((login_challenge_of_page(), logout_challenge_of_page()), (None, None));
    })
    .await;
}

#[tokio::test]
async fn a_user_signs_in_and_continues_to_the_other_app_once() {
    with_recipes(async |api| {
        let back = "http://localhost:1/back";
        let asked = json!({ "login_hint": EMAIL, "state": "s", "redirect_uri": back });
        let challenge = api.controls.login_challenge(asked).await;
        let url = url_of(redirect_url_to_continue(&visitor(api), &challenge).await.unwrap());
        assert_eq!((url.origin().as_str(), url.path()), ("http://localhost:8080", "/auth"), "the login page");
        assert!(url.as_str().contains(&format!("loginChallenge={challenge}")), "{url:?}");

        let (client, _) = newcomer(api, EMAIL).await;
        let url = url_of(redirect_url_to_continue(&client, &challenge).await.unwrap());
        assert!(url.as_str().starts_with(&format!("{back}?code=")), "{url:?}");
        assert!(url.as_str().contains("&state=s"), "{url:?}");
        let outcome = redirect_url_to_continue(&client, &challenge).await.unwrap();
        let RedirectUrl::Error(error) = outcome else { panic!("{outcome:?}") };
        assert_not_found(&error);
    })
    .await;
}

#[tokio::test]
async fn an_expired_session_is_refreshed_before_the_other_app() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        api.controls.expire_all().await;
        let challenge = api.controls.login_challenge(json!({})).await;
        let url = url_of(redirect_url_to_continue(&client, &challenge).await.unwrap());
        assert!(url.as_str().contains("?code="), "{url:?}");
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_that_another_app_asks_for_ends_the_session() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        let bye = json!({ "redirectUri": "http://localhost:1/bye", "state": "s" });
        let challenge = api.controls.logout_challenge(bye).await;
        let url = url_of(log_out(&client, &challenge).await.unwrap());
        assert_eq!(url.as_str(), "http://localhost:1/bye?state=s");
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_with_an_unknown_challenge_is_an_error_and_ends_the_session_too() {
    with_recipes(async |api| {
        let (client, user) = newcomer(api, EMAIL).await;
        assert_signed_in(&client, &user).await;
        let outcome = log_out(&client, "unknown").await.unwrap();
        let RedirectUrl::Error(error) = outcome else { panic!("{outcome:?}") };
        assert_not_found(&error);
        assert_signed_out(&client).await;
    })
    .await;
}
