//! Guarded pages inside a guarded page, each with its own requirement.

use e2e::{Setting, USER, play};

const ADMIN: &str = "admin@example.com";

#[tokio::test]
async fn each_child_is_guarded_separately_and_the_parent_view_stays() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.click("nav-newsroom").await;
        page.wait_for("newsroom-overview").await;
        page.js("document.querySelector('[data-testid=newsroom-page]').dataset.stored = 'yes'").await;
        page.click("tab-drafts").await;
        page.wait_text("closed-section", "the role editor").await;
        page.wait_path("/newsroom/drafts").await;
        page.click("tab-readers").await;
        page.wait_text("readers-list", USER).await;
        page.wait_js("document.activeElement.innerText === 'Readers'").await;
        assert!(!page.record().await.has("drafts-page"), "a denied page flashed");

        page.click("toggle-editor").await;
        page.wait_for("editors-note").await;
        page.wait_for("readers-list").await;
        page.click("tab-drafts").await;
        page.wait_for("drafts-page").await;
        let stored =
            page.js("return document.querySelector('[data-testid=newsroom-page]').dataset.stored").await;
        assert_eq!(stored, "yes", "the parent view was built again");
    })
    .await;
}

#[tokio::test]
async fn a_child_may_be_denied_below_an_allowed_parent() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/newsroom/readers").await;
        page.wait_path("/login?redirectToPath=%2Fnewsroom%2Freaders").await;
        stage.sign_in_as(USER).await;
        page.wait_text("closed-section", "the permission users:read").await;
        page.wait_for("newsroom-page").await;
        assert_eq!(stage.controls.calls("GET", "/api/admin/users"), 0, "its data was requested");
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_session_hides_parent_and_child_at_once() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.open("/newsroom/readers").await;
        page.wait_for("readers-list").await;
        stage.controls.revoke_all();
        page.click("fetch-claims").await;
        page.wait_for("session-ended").await;
        page.wait_path("/login?redirectToPath=%2Fnewsroom%2Freaders").await;
        assert!(!page.sees("newsroom-page").await);
        stage.sign_in_as(ADMIN).await;
        page.wait_for("readers-list").await;
    })
    .await;
}
