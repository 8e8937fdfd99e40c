//! The app under a strict Content-Security-Policy.

use e2e::{PASSWORD, Page, Setting, play};

/// The violations and exceptions of the page since it was loaded.
async fn is_clean(page: &Page) {
    let record = page.record().await;
    assert!(record.violations.is_empty(), "{:?}", record.violations);
    assert!(record.errors.is_empty(), "{:?}", record.errors);
}

#[tokio::test]
async fn the_page_has_a_policy_that_forbids_inline_scripts() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("login-page").await;
        let policy = page.js_async("return (await fetch('/')).headers.get('content-security-policy')").await;
        let policy = policy.as_str().expect("a policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(!policy.contains("'unsafe-"), "{policy}");

        // The record that the other story relies on has violations.
        page.js(
            "document.body.appendChild(document.createElement('script')).textContent = 'window.ran = true'",
        )
        .await;
        page.wait_js("window.e2eRecord.violations.length === 1").await;
        assert!(page.js("return window.ran").await.is_null());
    })
    .await;
}

#[tokio::test]
async fn no_step_from_sign_in_to_sign_out_violates_the_policy_or_throws() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/orders").await;
        page.wait_for("login-page").await;
        page.click("toggle-mode").await;
        page.fill("email", "new@example.com").await;
        page.fill("password", PASSWORD).await;
        page.click("submit").await;
        page.wait_text("orders-list", "Desk lamp").await;
        page.click("nav-dashboard").await;
        page.wait_for("dashboard-page").await;
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.fill("nickname", "Ada").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Ada").await;
        page.click("nav-admin").await;
        page.wait_for("admin-denied").await;
        is_clean(page).await;

        page.reload().await;
        page.wait_for("admin-denied").await;
        page.click("nav-dashboard").await;
        page.wait_text("status", "Signed in").await;
        stage.controls.revoke_all();
        page.click("one-request").await;
        page.wait_for("session-ended").await;
        is_clean(page).await;
        page.click("transfer-header").await;
        page.wait_for("login-page").await;
        stage.sign_in_as("new@example.com").await;
        page.wait_for("dashboard-page").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        is_clean(page).await;

        // Responses with 401 or 403 are network lines, and expected here.
        let console = page.console().await;
        let bad: Vec<_> = console
            .iter()
            .filter(|line| ["SEVERE", "WARNING"].contains(&line.level.as_str()))
            .filter(|line| line.source != "network" || !is_refusal(&line.message))
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
    })
    .await;
}

fn is_refusal(message: &str) -> bool {
    ["401 (Unauthorized)", "403 (Forbidden)"].iter().any(|status| message.contains(status))
}
