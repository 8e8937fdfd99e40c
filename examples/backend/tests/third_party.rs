//! The sign-in with the account of the demo provider.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Browser, TestResponse, api_of, default_api, in_both_generations, parameters, path};
use serde_json::{Value, json};
use url::Url;

const CALLBACK: &str = "http://localhost:8080/login/callback/demo";
const SIGN_IN_UP: &str = "/auth/signinup";

in_both_generations! { an_account_signs_in_once_for_each_code }

/// The provider's address with a state, and the verifier.
async fn start(browser: &mut Browser, redirect_uri: &str) -> (Url, Value) {
    let query = format!("thirdPartyId=demo&redirectURIOnProviderDashboard={redirect_uri}");
    let started = browser.get(&format!("/auth/authorisationurl?{query}")).await.is(200).json();
    assert_eq!(started["status"], "OK");
    let mut url = Url::parse(started["urlWithQueryParams"].as_str().unwrap()).unwrap();
    url.query_pairs_mut().append_pair("state", "s t&");
    (url, started["pkceCodeVerifier"].clone())
}

/// The redirect after a click on a button of the provider's page.
async fn choose(browser: &mut Browser, url: &Url, button: &str) -> Url {
    let page = browser.get(&path(url)).await.is(200);
    let link = page.links()[button].clone();
    browser.get(&link).await.is(303).location()
}

fn proof(redirected: &Url, verifier: &Value) -> Value {
    json!({
        "thirdPartyId": "demo",
        "redirectURIInfo": {
            "redirectURIOnProviderDashboard": CALLBACK,
            "redirectURIQueryParams": parameters(redirected),
            "pkceCodeVerifier": verifier,
        },
    })
}

async fn sign_in(browser: &mut Browser, button: &str) -> TestResponse {
    let (url, verifier) = start(browser, CALLBACK).await;
    let redirected = choose(browser, &url, button).await;
    browser.post(SIGN_IN_UP, proof(&redirected, &verifier)).await
}

async fn an_account_signs_in_once_for_each_code(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::new(&app);
    let (url, verifier) = start(&mut browser, CALLBACK).await;
    let redirected = choose(&mut browser, &url, "Continue as new.person@example.com").await;
    assert!(redirected.as_str().starts_with(CALLBACK));
    assert_eq!(parameters(&redirected)["state"], "s t&");

    let response = browser.post(SIGN_IN_UP, proof(&redirected, &verifier)).await.is(200);
    let body = response.json();
    assert_eq!((&body["status"], &body["createdNewRecipeUser"]), (&json!("OK"), &json!(true)));
    assert_eq!(body["user"]["thirdParty"], json!([{ "id": "demo", "userId": "demo-2" }]));
    assert_eq!(body["user"]["loginMethods"][0]["thirdParty"]["userId"], "demo-2");
    assert!(response.front_token()["up"]["st-mfa"]["c"]["thirdparty"].is_u64());
    browser.get("/api/orders").await.is(200);

    assert!(!browser.post(SIGN_IN_UP, proof(&redirected, &verifier)).await.is(500).message().is_empty());
    let again = sign_in(&mut browser, "Continue as new.person@example.com").await.is(200).json();
    assert_eq!(again["createdNewRecipeUser"], false);
    assert_eq!(again["user"]["id"], body["user"]["id"]);
}

#[tokio::test]
async fn an_account_belongs_to_the_user_with_its_email() {
    let (app, _) = default_api();
    let id = Browser::new(&app).sign_up("user@example.com").await.json()["user"]["id"].clone();
    let response = sign_in(&mut Browser::new(&app), "Continue as user@example.com").await.is(200).json();
    assert_eq!((&response["user"]["id"], &response["user"]["isPrimaryUser"]), (&id, &json!(true)));
}

#[tokio::test]
async fn without_an_email_there_is_no_session() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    let response = sign_in(&mut browser, "Continue without an e-mail").await.is(200);
    assert_eq!(response.json(), json!({ "status": "NO_EMAIL_GIVEN_BY_PROVIDER" }));
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_cancelled_sign_in_leads_back_with_an_error() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    let (url, _) = start(&mut browser, CALLBACK).await;
    let redirected = choose(&mut browser, &url, "Cancel").await;
    assert_eq!(redirected.query(), Some("error=access_denied&state=s+t%26"));
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_its_redirect_address() {
    let (app, controls) = default_api();
    let mut browser = Browser::new(&app);
    for change in ["redirectURIOnProviderDashboard", "pkceCodeVerifier", "expired"] {
        let (url, verifier) = start(&mut browser, CALLBACK).await;
        let redirected = choose(&mut browser, &url, "Continue as user@example.com").await;
        let mut body = proof(&redirected, &verifier);
        if change == "expired" {
            controls.expire_codes();
        } else {
            body["redirectURIInfo"][change] = json!("http://localhost:8080/other");
        }
        browser.post(SIGN_IN_UP, body).await.is(500);
        assert!(browser.cookies.is_empty(), "{change}");
    }
}

#[tokio::test]
async fn the_provider_redirects_to_allowed_pages_only() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    for redirect_uri in ["https://evil.example/", "javascript:alert(1)", "", "//evil.example"] {
        let (url, _) = start(&mut browser, redirect_uri).await;
        for page in ["/demo-provider/authorize", "/demo-provider/choose"] {
            let response = browser.get(&format!("{page}?{}", url.query().unwrap())).await.is(400);
            assert!(response.text().contains("not allowed") && response.links().is_empty(), "{redirect_uri}");
        }
    }
    let (url, _) = start(&mut browser, CALLBACK).await;
    for (from, to) in
        [("S256", "plain"), ("example-app", "other"), ("response_type=code", "response_type=token")]
    {
        browser.get(&path(&url).replace(from, to)).await.is(400);
    }
}

#[tokio::test]
async fn the_page_has_no_script_and_escapes_what_it_shows() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    let (mut url, _) = start(&mut browser, CALLBACK).await;
    url.query_pairs_mut().append_pair("state", "\"><script>");
    let page = browser.get(&path(&url)).await.is(200);
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let text = page.text();
    assert!(text.contains("<h1>Demo provider</h1>") && text.contains("http://localhost:8080"));
    assert!(!text.contains("<script"), "{text}");
    assert!(
        browser.get("/demo-provider/style.css").await.is(200).text().contains("prefers-color-scheme: dark")
    );
}

#[tokio::test]
async fn invalid_requests_are_named() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    for (query, part) in [
        ("", "thirdPartyId"),
        ("?thirdPartyId=demo", "redirectURIOnProviderDashboard"),
        ("?thirdPartyId=other&redirectURIOnProviderDashboard=a", "the provider other could not be found"),
    ] {
        let message = browser.get(&format!("/auth/authorisationurl{query}")).await.is(400).message();
        assert!(message.contains(part), "{message}");
    }
    for (body, part) in [
        (json!({}), "thirdPartyId"),
        (json!({ "thirdPartyId": "demo" }), "one of redirectURIInfo or oAuthTokens"),
        (json!({ "thirdPartyId": "demo", "redirectURIInfo": {} }), "redirectURIOnProviderDashboard"),
    ] {
        let message = browser.post(SIGN_IN_UP, body).await.is(400).message();
        assert!(message.contains(part), "{message}");
    }
}
