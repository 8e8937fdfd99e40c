//! Keyboard and screen reader.

use e2e::{Setting, USER, play};

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

async fn has_labels(page: &e2e::Page) {
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
async fn a_field_error_is_tied_to_its_field() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.click("toggle-mode").await;
        page.fill("email", USER).await;
        page.fill("password", "short").await;
        page.click("submit").await;
        page.wait_for("field-error-password").await;
        let tied = page
            .js(
                "const field = document.querySelector('[data-testid=password]');
                const error = document.querySelector('[data-testid=field-error-password]');
                const ids = (field.getAttribute('aria-describedby') ?? '').split(' ');
                const holder = ids.map(id => document.getElementById(id)).find(found => found?.contains(error));
                return !!holder && field.getAttribute('aria-invalid') === 'true'",
            )
            .await;
        assert_eq!(tied, true);
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
        stage.arrive("admin@example.com").await;
        for (path, id) in [
            ("/", "dashboard-page"),
            ("/orders", "orders-list"),
            ("/invoices", "invoices-list"),
            ("/newsroom", "newsroom-overview"),
            ("/newsroom/readers", "readers-list"),
            ("/newsroom/drafts", "closed-section"),
            ("/doors", "doors-page"),
            ("/doors/permission", "closed-page"),
            ("/admin", "admin-users"),
        ] {
            page.open(path).await;
            page.wait_for(id).await;
            let levels = page
                .js("return [...document.querySelectorAll('h1, h2, h3, h4')].map(found => +found.tagName[1])")
                .await;
            let levels: Vec<i64> = levels.as_array().unwrap().iter().filter_map(|one| one.as_i64()).collect();
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{path}: {levels:?}");
            assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "{path}: {levels:?}");
            has_labels(page).await;
        }
    })
    .await;
}
