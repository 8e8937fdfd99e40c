//! Roles of the SDK's UserRoles recipe that change while a page is open.

use e2e::sdk::{Setting, play};

const ADMIN: &str = "admin@example.com";

with_both! {
    content_for_a_role_follows_the_role_without_a_reload
    a_role_removed_in_one_tab_hides_the_page_in_the_other
}

with_headers! {
    content_for_a_role_follows_the_role_without_a_reload
    a_role_removed_in_one_tab_hides_the_page_in_the_other
}

async fn content_for_a_role_follows_the_role_without_a_reload(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.click("nav-newsroom").await;
        page.wait_for("not-an-editor").await;
        assert!(!page.record().await.has("editors-note"), "it flashed");
        page.js("window.notReloaded = true").await;
        page.click("toggle-editor").await;
        page.wait_for("editors-note").await;
        page.click("toggle-editor").await;
        page.wait_for("not-an-editor").await;
        assert!(!page.sees("editors-note").await);
        assert_eq!(page.js("return window.notReloaded").await, true);
    })
    .await;
}

async fn a_role_removed_in_one_tab_hides_the_page_in_the_other(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.click("nav-admin").await;
        page.click("role-editor-admin@example.com").await;
        page.wait_text("roles-result", "You now have the role editor.").await;
        page.click("nav-newsroom").await;
        page.wait_for("editors-note").await;
        page.open("/newsroom/drafts").await;
        page.fill("headline", "half a thou").await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/admin").await;
        page.click("role-editor-admin@example.com").await;
        page.wait_text("roles-result", "You no longer have the role editor.").await;
        page.switch_to(&first).await;
        page.wait_for("closed-section").await;
        assert!(!page.sees("drafts-page").await);
    })
    .await;
}
