//! Keyboard and screen reader.

use e2e::{Page, Setting, USER, play};

#[tokio::test]
async fn the_tab_key_goes_from_email_to_password_to_submit() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("login-page").await;
        page.focus("email").await;
        page.press_tab().await;
        assert_eq!(page.focused().await, "password");
        page.press_tab().await;
        assert_eq!(page.focused().await, "submit");
    })
    .await;
}

#[tokio::test]
async fn each_field_has_a_label() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("login-page").await;
        has_labels(page).await;
        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
        has_labels(page).await;
    })
    .await;
}

async fn has_labels(page: &Page) {
    let bare = page
        .js(
            "const named = field => field.ariaLabel || [...field.labels].some(label => label.innerText.trim());
            return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                .filter(field => !named(field)).map(field => field.outerHTML)",
        )
        .await;
    assert_eq!(bare.as_array().map(Vec::len), Some(0), "without a label: {bare}");
}

#[tokio::test]
async fn a_user_signs_in_with_a_code_by_keyboard() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/orders").await;
        page.wait_for("use-code").await;
        page.tab_to("use-code").await;
        page.press_enter().await;
        page.wait_focus("email").await;
        page.type_text(USER).await;
        page.tab_to("send-code").await;
        page.press_enter().await;
        page.wait_focus("code").await;
        page.type_text("AAAAAA").await;
        page.press_enter().await;
        page.wait_field_error("code", "wrong").await;
        page.fill("code", stage.newest_mail(USER).await.code()).await;
        page.tab_to("submit-code").await;
        page.press_enter().await;
        page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn a_navigation_focuses_the_heading_of_the_new_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_for("orders-page").await;
        page.wait_js("document.activeElement.matches('h1') && document.activeElement.innerText === 'Orders'")
            .await;
        page.click("nav-dashboard").await;
        page.wait_for("dashboard-page").await;
        page.wait_js(
            "document.activeElement.matches('h1') && document.activeElement.innerText === 'Dashboard'",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_redirect_moves_the_focus_and_the_first_page_does_not() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/orders").await;
        page.wait_for("login-page").await;
        page.wait_js(
            "document.activeElement.matches('h1') && document.activeElement.innerText === 'Sign in'",
        )
        .await;
        stage.sign_in_as(USER).await;
        page.wait_js("document.activeElement.matches('h1') && document.activeElement.innerText === 'Orders'")
            .await;
        page.reload().await;
        page.wait_text("orders-list", "Desk lamp").await;
        assert_eq!(page.focused().await, "body");
    })
    .await;
}

#[tokio::test]
async fn each_page_has_one_main_heading_and_skips_no_level() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        for (path, id) in [
            ("/login", "continue-with-demo"),
            ("/login?tenantId=acme", "tenant-notice"),
            ("/login?loginChallenge=unknown", "oauth-error"),
            ("/login/reset-password", "reset-email"),
            ("/login/reset-password?token=unknown", "new-password"),
            ("/login/link?preAuthSessionId=unknown#code", "consume-link"),
            ("/login/callback?code=a&state=b", "provider-error"),
        ] {
            page.open(path).await;
            page.wait_for(id).await;
            is_accessible(page, path).await;
        }
        stage.arrive("admin@example.com").await;
        for (path, id) in [
            ("/", "dashboard-page"),
            ("/orders", "orders-list"),
            ("/invoices", "invoices-list"),
            ("/second-factor", "totp-code"),
            ("/newsroom", "newsroom-overview"),
            ("/newsroom/readers", "readers-list"),
            ("/newsroom/drafts", "closed-section"),
            ("/doors", "doors-page"),
            ("/doors/permission", "closed-page"),
            ("/admin", "admin-users"),
        ] {
            page.open(path).await;
            page.wait_for(id).await;
            is_accessible(page, path).await;
        }
    })
    .await;
}

async fn is_accessible(page: &Page, path: &str) {
    let levels = page
        .js("return [...document.querySelectorAll('h1, h2, h3, h4')].map(found => +found.tagName[1])")
        .await;
    let levels: Vec<i64> = levels.as_array().unwrap().iter().filter_map(|one| one.as_i64()).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{path}: {levels:?}");
    assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "{path}: {levels:?}");
    has_labels(page).await;
}
