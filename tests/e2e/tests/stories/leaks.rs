//! No part of the session is sent to a host other than the API.

use e2e::{AntiCsrf, Elsewhere, SeenRequest, Setting, Stage, USER, play};

/// The session's own request headers.
const SESSION_HEADERS: [&str; 7] =
    ["rid", "st-auth-mode", "anti-csrf", "authorization", "fdi-version", "front-token", "st-access-token"];

/// From the first visit to the sign-out, with a call to another host after each step.
async fn play_every_step(stage: &Stage, elsewhere: &Elsewhere) {
    let page = &stage.page;
    let call = format!(
        "const body = await fetch('{}/stranger', {{ method: 'POST', credentials: 'include', body: 'x' }});
        return body.text()",
        elsewhere.url()
    );
    page.open("/login").await;
    page.wait_for("login-page").await;
    page.js_async(&call).await;
    page.click("toggle-mode").await;
    page.fill("email", "new@example.com").await;
    page.fill("password", "Secret-4711").await;
    page.click("submit").await;
    page.wait_for("dashboard-page").await;
    page.js_async(&call).await;
    stage.controls.expire_all();
    page.click("burst").await;
    page.wait_text("burst-result", "20 of 20").await;
    page.js_async(&call).await;
    page.fill("nickname", "Ada").await;
    page.click("save-nickname").await;
    page.wait_text("payload", "Ada").await;
    page.reload().await;
    page.wait_text("status", "Signed in").await;
    page.click("nav-orders").await;
    page.wait_text("orders-list", "Desk lamp").await;
    page.js_async(&call).await;
    page.click("sign-out").await;
    page.wait_for("login-page").await;
    page.js_async(&call).await;
}

fn have_no_session_headers(requests: &[SeenRequest], whose: &str) {
    assert!(!requests.is_empty(), "{whose} saw nothing");
    for request in requests {
        for name in SESSION_HEADERS {
            assert_eq!(
                request.header(name),
                None,
                "{name} went to {whose}: {} {}",
                request.method,
                request.path
            );
        }
    }
}

#[tokio::test]
async fn another_host_gets_no_session_headers_or_cookies() {
    play(Setting::default().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        let elsewhere = Elsewhere::start().await;
        play_every_step(stage, &elsewhere).await;
        let requests = elsewhere.requests();
        assert_eq!(requests.iter().filter(|request| request.path == "/stranger").count(), 5);
        have_no_session_headers(&requests, "another host");
        for request in &requests {
            assert_eq!(request.header("cookie"), None, "{} {}", request.method, request.path);
        }
    })
    .await;
}

#[tokio::test]
async fn the_server_of_the_page_gets_no_session_headers() {
    play(Setting::default().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        let elsewhere = Elsewhere::start().await;
        play_every_step(stage, &elsewhere).await;
        have_no_session_headers(&stage.site().requests(), "the page's own server");
    })
    .await;
}

#[tokio::test]
async fn no_token_is_in_a_url_or_on_the_console() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let mut secrets = Vec::new();
        for name in ["sAccessToken", "sFrontToken"] {
            secrets.push(page.cookie(name).await.expect(name).value().to_owned());
        }
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        for name in ["sAccessToken", "sFrontToken"] {
            secrets.push(page.cookie(name).await.expect(name).value().to_owned());
        }
        page.click("sign-out").await;
        page.wait_for("login-page").await;

        let console = page.console().await;
        let seen = stage.controls.requests().into_iter().chain(stage.site().requests());
        let addresses: Vec<String> =
            seen.map(|request| format!("{}?{}", request.path, request.query.unwrap_or_default())).collect();
        for secret in &secrets {
            // The signature, or the end of the encoded text: it differs for all tokens.
            let part = &secret[secret.len() - 24..];
            assert!(!addresses.iter().any(|address| address.contains(part)));
            assert!(!console.iter().any(|line| line.message.contains(part)));
            assert!(!page.url().await.contains(part));
        }
    })
    .await;
}
