//! A user signs in with the link of a mail.

use e2e::{Mail, Setting, Stage, USER, play};

const DEEP: &str = "/orders?sort=total#list";
const CONSUME: &str = "/auth/signinup/code/consume";

/// Asks for a link on the login page of a guarded page.
async fn ask(stage: &Stage) -> Mail {
    let page = &stage.page;
    page.open(DEEP).await;
    page.click("use-code").await;
    page.wait_for("send-code").await;
    page.fill("email", USER).await;
    page.click("send-code").await;
    page.wait_for("code").await;
    stage.newest_mail(USER).await
}

#[tokio::test]
async fn in_another_tab_the_link_signs_in_and_both_tabs_open_the_requested_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let mail = ask(stage).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.visit(mail.link()).await;
        page.wait_path(DEEP).await;
        page.wait_text("orders-list", "Desk lamp").await;
        assert!(!page.record().await.has("consume-link"), "the page asked the user of its own link");
        assert_eq!(stage.controls.calls("POST", CONSUME), 1);

        page.switch_to(&first).await;
        page.wait_path(DEEP).await;
        page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn in_another_browser_the_user_has_to_click_first() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let mail = ask(stage).await;
        // As in a browser that has not asked for the link.
        page.js("return localStorage.clear()").await;
        page.visit(mail.link()).await;
        page.wait_for("consume-link").await;
        assert_eq!(stage.controls.calls("POST", CONSUME), 0, "a program that checks mails would sign in");
        assert!(page.cookie("sAccessToken").await.is_none());
        page.click("consume-link").await;
        page.wait_for("dashboard-page").await;
        page.wait_path("/").await;
        page.wait_text("payload", USER).await;
        assert_eq!(stage.controls.calls("POST", CONSUME), 1);
    })
    .await;
}

#[tokio::test]
async fn a_used_link_shows_an_error_and_leads_to_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let mail = ask(stage).await;
        page.visit(mail.link()).await;
        page.wait_path(DEEP).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;

        page.visit(mail.link()).await;
        page.click("consume-link").await;
        page.wait_text("link-error", "no longer valid").await;
        page.click("back-to-sign-in").await;
        page.wait_for("login-page").await;
        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn an_incomplete_link_shows_an_error_without_a_call() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let mail = ask(stage).await;
        let (incomplete, _) = mail.link().split_once('#').expect("a code in the link");
        page.visit(incomplete).await;
        page.wait_text("link-error", "incomplete").await;
        assert_eq!(stage.controls.calls("POST", CONSUME), 0);
    })
    .await;
}
