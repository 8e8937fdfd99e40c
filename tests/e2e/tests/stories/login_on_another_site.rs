//! A login page on another origin.

use e2e::{Elsewhere, Setting, Stage, USER, play};

const DEEP: &str = "/orders?sort=total#list";

fn setting() -> Setting {
    Setting::default().login_elsewhere()
}

/// The login page's URL after a redirect from a guarded page.
fn login_for_deep(stage: &Stage) -> String {
    let back = format!("{}{DEEP}", stage.page.origin());
    let back = back.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
    format!("{}/login?redirectToPath={}", stage.login_origin(), back.replace('#', "%23"))
}

async fn open_guarded(stage: &Stage) {
    stage.page.open(DEEP).await;
    stage.page.wait_for("login-page").await;
    assert_eq!(stage.page.url().await, login_for_deep(stage));
}

#[tokio::test]
async fn the_login_page_returns_to_exactly_the_requested_page() {
    play(setting(), async |stage| {
        open_guarded(stage).await;
        stage.page.wait_text("return-notice", &format!("{}{DEEP}", stage.page.origin())).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("orders-page").await;
        assert_eq!(stage.page.url().await, format!("{}{DEEP}", stage.page.origin()));
        stage.page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn a_signed_in_user_is_redirected_at_once() {
    play(setting(), async |stage| {
        let (home, login) = (format!("{}/orders", stage.page.origin()), stage.login_origin());
        stage.page.visit(&format!("{login}/login")).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("dashboard-page").await;
        stage.page.visit(&format!("{login}/login?redirectToPath={home}")).await;
        stage.page.wait_for("orders-page").await;
        assert_eq!(stage.page.url().await, home);
    })
    .await;
}

#[tokio::test]
async fn the_back_button_skips_both_redirects() {
    play(setting(), async |stage| {
        let elsewhere = Elsewhere::start().await;
        let before = format!("{}/", elsewhere.url());
        stage.page.visit(&before).await;
        open_guarded(stage).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("orders-page").await;
        stage.page.back().await;
        stage.page.wait_js(&format!("location.href === '{before}'")).await;
    })
    .await;
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_no_redirect_target() {
    play(setting(), async |stage| {
        let elsewhere = Elsewhere::start().await;
        let (app, login) = (stage.page.origin().to_owned(), stage.login_origin());
        let app_host = app.trim_start_matches("http://");
        for bad in [
            format!("{}/", elsewhere.url()),
            format!("{app}@127.0.0.1/"),
            format!("https://{app_host}/"),
            format!("http://evil.{app_host}/"),
            "http://localhost/".to_owned(),
            format!("//{app_host}/orders"),
            "javascript:document.title='stolen'".to_owned(),
        ] {
            stage.page.visit(&format!("{login}/login?redirectToPath={bad}")).await;
            stage.sign_in_as(USER).await;
            stage.page.wait_for("dashboard-page").await;
            assert_eq!(stage.page.url().await, format!("{login}/"), "{bad}");
            stage.page.click("sign-out").await;
            stage.page.wait_for("login-page").await;
        }
        assert_eq!(elsewhere.requests().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn two_sites_that_disagree_do_not_redirect_in_a_loop() {
    play(setting(), async |stage| {
        let (app, login) = (stage.page.origin().to_owned(), stage.login_origin());
        stage.page.visit(&format!("{login}/login")).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("dashboard-page").await;
        stage.page.seem_signed_out_on(&app).await;
        stage.page.visit(&format!("{app}/orders")).await;
        stage
            .page
            .wait_js("document.querySelector('[role=alert]')?.innerText.includes('too many redirects')")
            .await;
    })
    .await;
}
