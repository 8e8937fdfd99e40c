//! Users of another tenant.

use e2e::{PASSWORD, Page, Setting, USER, play};

const ACME_LOGIN: &str = "/login?tenantId=acme";
const ACME_PASSWORD: &str = "Acme-4711";

async fn fill_in(page: &Page, password: &str) {
    page.fill("email", USER).await;
    page.fill("password", password).await;
    page.click("submit").await;
}

/// Creates a user of the tenant, with the e-mail of a user of the default tenant.
async fn sign_up(page: &Page) {
    page.open(ACME_LOGIN).await;
    page.click("toggle-mode").await;
    fill_in(page, ACME_PASSWORD).await;
    page.wait_for("dashboard-page").await;
}

async fn sign_out(page: &Page) {
    page.click("sign-out").await;
    page.wait_for("login-page").await;
}

#[tokio::test]
async fn the_login_page_names_the_tenant_and_offers_only_its_methods() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("use-code").await;
        page.wait_for("continue-with-demo").await;
        assert!(!page.sees("tenant-notice").await);

        page.open(ACME_LOGIN).await;
        page.wait_text("tenant-notice", "acme").await;
        stage.wait_for_call("GET", "/auth/acme/loginmethods").await;
        sign_up(page).await;
        let record = page.record().await;
        assert!(record.has("login-page"));
        for id in ["use-code", "continue-with-demo"] {
            assert!(!record.has(id), "{id} was offered");
        }
    })
    .await;
}

#[tokio::test]
async fn users_of_two_tenants_with_one_email_are_two_users() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let public = page.text("user-id").await;
        sign_out(page).await;

        sign_up(page).await;
        page.wait_text("payload", "acme").await;
        let acme = page.text("user-id").await;
        assert_ne!(acme, public);
        sign_out(page).await;

        page.open(ACME_LOGIN).await;
        fill_in(page, PASSWORD).await;
        page.wait_for("form-error").await;
        fill_in(page, ACME_PASSWORD).await;
        page.wait_text("user-id", &acme).await;
        sign_out(page).await;

        page.open("/login").await;
        fill_in(page, ACME_PASSWORD).await;
        page.wait_for("form-error").await;
        fill_in(page, PASSWORD).await;
        page.wait_text("user-id", &public).await;
    })
    .await;
}

#[tokio::test]
async fn a_guarded_page_with_a_tenant_leads_to_the_tenant_s_login_page_and_back() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        sign_up(page).await;
        sign_out(page).await;
        let deep = "/orders?sort=total&tenantId=acme#list";
        page.open(deep).await;
        page.wait_path(
            "/login?tenantId=acme&redirectToPath=%2Forders%3Fsort%3Dtotal%26tenantId%3Dacme%23list",
        )
        .await;
        page.wait_text("tenant-notice", "acme").await;
        fill_in(page, ACME_PASSWORD).await;
        page.wait_path(deep).await;
        page.wait_for("orders-list").await;
    })
    .await;
}

#[tokio::test]
async fn a_password_reset_stays_in_the_tenant() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        sign_up(page).await;
        sign_out(page).await;
        page.open(ACME_LOGIN).await;
        page.click("forgot-password").await;
        page.wait_path("/login/reset-password?tenantId=acme").await;
        page.fill("reset-email", USER).await;
        page.click("send-reset").await;
        page.click("demo-link").await;
        page.fill("new-password", "Acme-4712").await;
        page.click("submit-password").await;
        page.click("reset-sign-in").await;
        page.wait_path(ACME_LOGIN).await;
        fill_in(page, "Acme-4712").await;
        page.wait_text("payload", "acme").await;
        sign_out(page).await;
        // The user of the default tenant still has the old password.
        stage.arrive(USER).await;
    })
    .await;
}
