//! A login of another app with the example app's login page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::Generation;
use common::{Browser, TestResponse, api_of, default_api, in_both_generations, path};
use serde_json::json;
use url::Url;

const LOGIN: &str = "/auth/oauth/login?loginChallenge=";
const INFO: &str = "/auth/oauth/login/info?loginChallenge=";
const PAGE: &str = "http://localhost:8080";

in_both_generations! { a_session_leads_back_to_the_client }

/// The challenge of the client's button.
async fn start(browser: &mut Browser) -> String {
    let page = browser.get(&format!("/demo-client?website={PAGE}")).await.is(200);
    let link = page.links()["Sign in with the example app"].clone();
    link.strip_prefix(&format!("{PAGE}/login?loginChallenge=")).unwrap().to_owned()
}

async fn redirect(browser: &mut Browser, challenge: &str) -> (TestResponse, String) {
    let path = format!("{LOGIN}{challenge}");
    let response = browser.send(Method::GET, &path, &[("origin", PAGE)], None).await.is(200);
    let url = response.json()["frontendRedirectTo"].as_str().unwrap().to_owned();
    (response, url)
}

async fn a_session_leads_back_to_the_client(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut jo = Browser::new(&app);
    let challenge = start(&mut jo).await;
    assert_eq!(redirect(&mut jo, &challenge).await.1, format!("{PAGE}/login?loginChallenge={challenge}"));

    jo.sign_up("jo@example.com").await;
    controls.expire_all();
    let refresh = format!("{PAGE}/login/try-refresh?loginChallenge={challenge}");
    assert_eq!(redirect(&mut jo, &challenge).await.1, refresh);
    jo.refresh().await.is(200);
    let (response, url) = redirect(&mut jo, &challenge).await;
    assert!(response.header("front-token").is_some(), "the first request after a refresh gets new tokens");
    assert!(url.starts_with("http://localhost:0/demo-client/callback?code="), "{url}");

    let callback = path(&Url::parse(&url).unwrap());
    assert!(jo.get(&callback).await.is(200).text().contains("<strong>jo@example.com</strong>"));
    assert!(jo.get(&callback).await.is(400).text().contains("no longer valid"));
    jo.get(&format!("{LOGIN}{challenge}")).await.is(404);
}

#[tokio::test]
async fn the_login_page_knows_the_client() {
    let (app, controls) = default_api();
    let mut browser = Browser::new(&app);
    let challenge = start(&mut browser).await;
    let info = json!({
        "clientId": "demo-client",
        "clientName": "Demo client",
        "tosUri": "",
        "policyUri": "",
        "logoUri": "",
        "clientUri": "http://localhost:0/demo-client",
        "metadata": {},
    });
    let response = browser.get(&format!("{INFO}{challenge}")).await.is(200).json();
    assert_eq!(response, json!({ "status": "OK", "info": info }));
    controls.expire_codes();
    browser.get(&format!("{INFO}{challenge}")).await.is(404);
}

#[tokio::test]
async fn an_unknown_challenge_is_a_404_and_a_missing_one_a_400() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, "jo@example.com").await;
    for path in [LOGIN, INFO] {
        let unknown = jo.get(&format!("{path}unknown")).await.is(404).json();
        let description = "Unable to locate the requested resource";
        assert_eq!(unknown, json!({ "error": "Not Found", "error_description": description }));
        let (path, _) = path.split_once('?').unwrap();
        assert_eq!(jo.get(path).await.is(400).message(), "Missing input param: loginChallenge");
    }
}

#[tokio::test]
async fn the_client_links_to_allowed_pages_only() {
    let (app, _) = default_api();
    let page = Browser::new(&app).get("/demo-client?website=https://evil.example").await.is(200);
    let link = page.links()["Sign in with the example app"].clone();
    assert!(link.starts_with("http://localhost:0/login?"), "{link}");
    let forged = Browser::new(&app).get("/demo-client/callback?code=a&state=b").await.is(400);
    assert_eq!(forged.links()["Start again"], "/demo-client");
}
