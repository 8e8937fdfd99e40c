//! Pages that deny access show the reason.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn each_denied_page_shows_its_reasons() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        page.click("nav-doors").await;
        for (door, words) in [
            ("role", "This page requires the role admin; your session has: user."),
            (
                "permission",
                "This page requires the permission drafts:write; your roles allow: orders:read, orders:write.",
            ),
            ("nickname", "This page has a requirement that your session does not fulfil."),
        ] {
            page.click(&format!("door-{door}")).await;
            page.wait_text("reasons", words).await;
            page.wait_path(&format!("/doors/{door}")).await;
            page.wait_js("document.activeElement.innerText === 'Not open to you'").await;
            page.click("all-doors").await;
            page.wait_for("doors-page").await;
        }
        assert!(!page.record().await.has("inside-page"), "a denied page flashed");
        assert!(stage.call_names().is_empty(), "it was decided in the browser: {:?}", stage.call_names());
    })
    .await;
}

#[tokio::test]
async fn access_is_granted_once_the_session_fulfils_the_requirement() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.fill("nickname", "Ada").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Ada").await;
        page.click("nav-doors").await;
        page.click("door-nickname").await;
        page.wait_for("inside-page").await;
        assert!(!page.record().await.has("closed-page"), "the denied view flashed");
        assert!(stage.controls.set_role(USER, "editor", true));
        page.open("/newsroom").await;
        page.click("fetch-claims").await;
        page.wait_for("editors-note").await;
        page.open("/doors/permission").await;
        page.wait_for("inside-page").await;
    })
    .await;
}

#[tokio::test]
async fn a_denied_page_does_not_redirect_to_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/doors/role").await;
        page.wait_path("/login?redirectToPath=%2Fdoors%2Frole").await;
        stage.sign_in_as(USER).await;
        page.wait_for("closed-page").await;
        page.wait_path("/doors/role").await;
        page.reload().await;
        page.wait_for("closed-page").await;
        let record = page.record().await;
        assert!(!record.has("login-page") && !record.has("inside-page"));
    })
    .await;
}
