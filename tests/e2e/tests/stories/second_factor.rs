//! A page that needs a code of an authenticator app.

use e2e::{Page, Setting, USER, play};

const STEP_UP: &str = "/second-factor?redirectToPath=%2Fvault";
const WRONG: &str = "AAAAAA";

/// Enters the code that the demo shows.
async fn enter_code(page: &Page) {
    page.click("fill-in-code").await;
    page.wait_for("demo-code").await;
    page.click("submit-totp").await;
}

async fn opens_the_vault(page: &Page) {
    page.wait_path("/vault").await;
    page.wait_text("vault-secret", "spare key").await;
}

#[tokio::test]
async fn the_vault_leads_to_the_second_factor_and_back() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/vault").await;
        page.wait_path(STEP_UP).await;
        page.wait_text("factor-notice", "/vault").await;
        page.wait_for("totp-secret").await;
        let record = page.record().await;
        assert!(!record.has("vault-page") && !record.has("login-page"), "something flashed");
        assert_eq!(stage.controls.calls("GET", "/api/vault"), 0, "its data was requested");

        page.fill("totp-code", WRONG).await;
        page.click("submit-totp").await;
        page.wait_field_error("totp-code", "You have 4 attempts left").await;
        enter_code(page).await;
        opens_the_vault(page).await;
        assert_eq!(stage.controls.calls("GET", "/api/vault"), 1);

        page.reload().await;
        opens_the_vault(page).await;
        assert!(!page.record().await.has("second-factor-page"), "the step flashed");
        page.open(STEP_UP).await;
        opens_the_vault(page).await;
    })
    .await;
}

#[tokio::test]
async fn after_a_new_sign_in_the_code_of_the_same_app_is_asked() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/vault").await;
        let first_key = page.text("totp-secret").await;
        // A key that was shown but never used is replaced.
        page.reload().await;
        assert_ne!(page.text("totp-secret").await, first_key);
        enter_code(page).await;
        opens_the_vault(page).await;

        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.open("/vault").await;
        stage.sign_in_as(USER).await;
        page.wait_path(STEP_UP).await;
        page.wait_for("totp-code").await;
        assert!(!page.record().await.has("totp-secret"), "the user would have to add the app again");
        enter_code(page).await;
        opens_the_vault(page).await;
    })
    .await;
}

#[tokio::test]
async fn too_many_wrong_codes_show_how_long_to_wait() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/second-factor").await;
        for left in ["4 attempts", "3 attempts", "2 attempts", "1 attempt", "no attempts"] {
            page.fill("totp-code", WRONG).await;
            page.click("submit-totp").await;
            page.wait_field_error("totp-code", &format!("You have {left} left")).await;
        }
        enter_code(page).await;
        page.wait_text("form-error", "Try again in 15 minutes").await;
        page.wait_path("/second-factor").await;
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_in_another_tab_applies_to_this_tab() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/vault").await;
        page.wait_for("totp-secret").await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/vault").await;
        page.wait_for("totp-secret").await;
        enter_code(page).await;
        opens_the_vault(page).await;
        page.switch_to(&first).await;
        opens_the_vault(page).await;
    })
    .await;
}
