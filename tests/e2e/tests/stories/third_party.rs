//! A user signs in with an account at a provider.

use e2e::{Page, Setting, Stage, USER, play};

const DEEP: &str = "/orders?sort=total#list";
const ACCOUNT: &str = "Continue as user@example.com";

/// Goes from a guarded page to the provider's page.
async fn begin(page: &Page) {
    page.open(DEEP).await;
    page.click("continue-with-demo").await;
    page.wait_words("wants to know who you are").await;
}

fn sign_ins(stage: &Stage) -> usize {
    stage.controls.calls("POST", "/auth/signinup")
}

async fn is_signed_out(page: &Page) {
    assert!(page.cookie("sAccessToken").await.is_none());
    page.click("back-to-sign-in").await;
    page.wait_for("login-page").await;
}

#[tokio::test]
async fn the_provider_returns_to_the_requested_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(page).await;
        page.click_link(ACCOUNT).await;
        page.wait_path(DEEP).await;
        page.wait_text("orders-list", "Desk lamp").await;
        let record = page.record().await;
        assert!(record.has("callback-page") && !record.has("login-page"), "the login page flashed");
        page.click("nav-dashboard").await;
        page.wait_text("payload", USER).await;
    })
    .await;
}

#[tokio::test]
async fn a_tampered_state_sends_no_sign_in() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(page).await;
        let address = page.link_address(ACCOUNT).await;
        let tampered = address.replace("&state=", "&state=x");
        assert_ne!(tampered, address);
        page.visit(&tampered).await;
        page.wait_text("provider-error", "did not begin on this page").await;
        is_signed_out(page).await;

        begin(page).await;
        let address = page.link_address(ACCOUNT).await;
        page.open("/login").await;
        page.js("const name = 'supertokens-oauth-state-2';
            const stored = JSON.parse(sessionStorage.getItem(name));
            stored.stateForAuthProvider += 'x';
            return sessionStorage.setItem(name, JSON.stringify(stored))")
            .await;
        page.visit(&address).await;
        page.wait_text("provider-error", "did not begin on this page").await;
        is_signed_out(page).await;

        // A link that an attacker began.
        begin(page).await;
        let address = page.link_address(ACCOUNT).await;
        page.new_tab().await;
        page.visit(&address).await;
        page.wait_text("provider-error", "it began in another tab").await;
        is_signed_out(page).await;
        assert_eq!(sign_ins(stage), 0);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_sign_in_shows_words() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(page).await;
        page.click_link("Cancel").await;
        page.wait_text("provider-error", "You cancelled").await;
        assert_eq!(sign_ins(stage), 0);
        is_signed_out(page).await;
    })
    .await;
}

#[tokio::test]
async fn an_account_without_an_email_shows_words() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(page).await;
        page.click_link("Continue without an e-mail").await;
        page.wait_text("provider-error", "gave no e-mail address").await;
        assert_eq!(sign_ins(stage), 1);
        is_signed_out(page).await;
    })
    .await;
}

#[tokio::test]
async fn a_callback_that_is_opened_twice_signs_in_once() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(page).await;
        page.click_link("Continue as new.person@example.com").await;
        page.wait_path(DEEP).await;
        assert_eq!(sign_ins(stage), 1);

        let requests = stage.site().requests();
        let callback = requests.iter().find(|request| request.path == "/login/callback").expect("a callback");
        let query = callback.query.as_deref().expect("a code");
        assert!(query.contains("code="));
        page.open(&format!("/login/callback?{query}")).await;
        page.wait_text("provider-error", "already complete").await;
        assert_eq!(sign_ins(stage), 1);
        page.click("back-to-sign-in").await;
        page.wait_for("dashboard-page").await;
        page.wait_text("payload", "new.person@example.com").await;
    })
    .await;
}
