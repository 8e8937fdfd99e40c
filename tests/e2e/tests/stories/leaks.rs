//! Nothing of the session goes anywhere but to the API.

use e2e::{AntiCsrf, Elsewhere, SeenRequest, Setting, Stage, USER, play};

/// The session's own request headers.
const OURS: [&str; 7] =
    ["rid", "st-auth-mode", "anti-csrf", "authorization", "fdi-version", "front-token", "st-access-token"];

/// From the first visit to the sign-out, with a call to somebody else after each turn.
async fn whole_life(stage: &Stage, elsewhere: &Elsewhere) {
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

fn without_ours(requests: &[SeenRequest], whose: &str) {
    assert!(!requests.is_empty(), "{whose} saw nothing");
    for request in requests {
        for name in OURS {
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
async fn another_host_gets_neither_headers_nor_cookies_over_a_whole_life() {
    play(Setting::default().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        let elsewhere = Elsewhere::start().await;
        whole_life(stage, &elsewhere).await;
        let requests = elsewhere.requests();
        assert_eq!(requests.iter().filter(|request| request.path == "/stranger").count(), 5);
        without_ours(&requests, "another host");
        for request in &requests {
            assert_eq!(request.header("cookie"), None, "{} {}", request.method, request.path);
        }
    })
    .await;
}

#[tokio::test]
async fn the_server_of_the_page_gets_none_of_our_headers() {
    play(Setting::default().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        let elsewhere = Elsewhere::start().await;
        whole_life(stage, &elsewhere).await;
        without_ours(&stage.site().requests(), "the page's own server");
    })
    .await;
}

#[tokio::test]
async fn no_token_shows_in_an_address_or_on_the_console() {
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
            // The signature, or the end of what is encoded: no two tokens share it.
            let part = &secret[secret.len() - 24..];
            assert!(!addresses.iter().any(|address| address.contains(part)));
            assert!(!console.iter().any(|line| line.message.contains(part)));
            assert!(!page.url().await.contains(part));
        }
    })
    .await;
}
