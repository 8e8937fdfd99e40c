//! Tokens in headers, stored by script.

use e2e::{SeenRequest, Setting, Stage, USER, play};

async fn arrive_in_header_mode(stage: &Stage) {
    let page = &stage.page;
    page.open("/login").await;
    page.wait_for("login-page").await;
    page.js("window.before = true").await;
    page.click("transfer-header").await;
    page.wait_js("window.before === undefined").await;
    stage.sign_in_as(USER).await;
    page.wait_for("dashboard-page").await;
    page.wait_text("status", "Signed in").await;
}

fn bearer(request: &SeenRequest) -> &str {
    let value = request.header("authorization").unwrap_or_default();
    value
        .strip_prefix("Bearer ")
        .unwrap_or_else(|| panic!("{} {} without a token", request.method, request.path))
}

#[tokio::test]
async fn every_step_works_without_cookies_of_the_server() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        arrive_in_header_mode(stage).await;
        assert!(page.cookie("sAccessToken").await.is_none());
        let access = page.cookie("st-access-token").await.expect("an access token stored by script");
        assert_eq!(access.http_only(), Some(false));
        let refresh = page.cookie("st-refresh-token").await.expect("a refresh token stored by script");

        stage.controls.reset_calls();
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes(), 1);
        for call in stage.calls() {
            assert_eq!(call.header("st-auth-mode"), Some("header"), "{} {}", call.method, call.path);
            let is_refresh = call.path == "/auth/session/refresh";
            assert_eq!(bearer(&call) == refresh.value(), is_refresh, "{} {}", call.method, call.path);
        }

        page.reload().await;
        page.wait_text("status", "Signed in").await;
        page.click("one-request").await;
        page.text("one-request-result").await;
        assert_eq!(stage.refreshes(), 1);

        page.click("sign-out").await;
        page.wait_for("login-page").await;
        assert!(page.cookie("st-access-token").await.is_none_or(|cookie| cookie.value().is_empty()));
        assert!(page.cookie("st-refresh-token").await.is_none_or(|cookie| cookie.value().is_empty()));
        assert!(page.cookie("sFrontToken").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn the_tokens_are_sent_only_to_the_api() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let elsewhere = e2e::Elsewhere::start().await;
        arrive_in_header_mode(stage).await;
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.reload().await;
        page.wait_text("status", "Signed in").await;
        page.js_async(&format!("await fetch('{}/anything', {{ credentials: 'include' }})", elsewhere.url()))
            .await;
        assert!(!elsewhere.requests().is_empty());
        for request in elsewhere.requests().iter().chain(&stage.site().requests()) {
            let name = format!("{} {}", request.method, request.path);
            assert_eq!(request.header("authorization"), None, "{name}");
            assert_eq!(request.header("st-auth-mode"), None, "{name}");
        }
        assert!(elsewhere.requests().iter().all(|request| request.header("cookie").is_none()));
    })
    .await;
}
