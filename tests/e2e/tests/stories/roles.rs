//! Roles that change while a page is open.

use e2e::{Generation, Setting, Stage, USER, play};

const ADMIN: &str = "admin@example.com";

/// An administrator in the newsroom, with the drafts open.
async fn editor_at_work(stage: &Stage) {
    let page = &stage.page;
    stage.arrive(ADMIN).await;
    page.click("nav-admin").await;
    page.click("role-editor-admin@example.com").await;
    page.wait_text("roles-result", "You now have the role editor.").await;
    page.open("/newsroom/drafts").await;
    page.wait_for("drafts-page").await;
}

#[tokio::test]
async fn content_for_a_role_follows_the_role_without_a_reload() {
    comes_and_goes(Setting::default()).await;
}

#[tokio::test]
async fn content_for_a_role_follows_the_role_in_the_older_generation() {
    comes_and_goes(Setting::default().generation(Generation::Older)).await;
}

async fn comes_and_goes(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.click("nav-newsroom").await;
        page.wait_text("your-roles", "admin, user").await;
        page.wait_for("not-an-editor").await;
        assert!(!page.record().await.has("editors-note"), "it flashed");
        stage.controls.reset_calls();
        page.js("window.notReloaded = true").await;

        page.click("toggle-editor").await;
        page.wait_for("editors-note").await;
        page.wait_text("your-roles", "admin, editor, user").await;
        page.wait_js("document.querySelector('[data-testid=announcer]').innerText.includes('editor')").await;
        page.click("toggle-editor").await;
        page.wait_for("not-an-editor").await;
        assert!(!page.sees("editors-note").await);

        assert_eq!(page.js("return window.notReloaded").await, true);
        assert_eq!(stage.call_names(), ["POST /api/admin/roles", "POST /api/admin/roles"]);
    })
    .await;
}

#[tokio::test]
async fn a_role_removed_in_one_tab_hides_the_page_in_the_other() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        editor_at_work(stage).await;
        page.fill("headline", "half a thou").await;
        page.js("window.notReloaded = true").await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/admin").await;
        page.click("role-editor-admin@example.com").await;
        page.wait_text("roles-result", "You no longer have the role editor.").await;
        stage.controls.reset_calls();

        page.switch_to(&first).await;
        page.wait_for("closed-section").await;
        page.wait_text("reasons", "the role editor; your session has: admin, user.").await;
        assert!(!page.sees("drafts-page").await && !page.sees("editors-note").await);
        assert_eq!(page.js("return window.notReloaded").await, true);
        assert!(stage.call_names().is_empty(), "the other tab sent a message: {:?}", stage.call_names());
    })
    .await;
}

#[tokio::test]
async fn a_role_added_in_one_tab_shows_the_page_in_the_other() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.open("/newsroom/drafts").await;
        page.wait_for("closed-section").await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/newsroom").await;
        page.click("toggle-editor").await;
        page.wait_for("editors-note").await;
        page.switch_to(&first).await;
        page.wait_for("drafts-page").await;
        page.wait_hidden("closed-section").await;
    })
    .await;
}

#[tokio::test]
async fn a_role_added_on_the_server_applies_when_claims_are_fetched() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/newsroom/drafts").await;
        page.wait_text("reasons", "the role editor; your session has: user.").await;
        assert!(stage.controls.set_role(USER, "editor", true));
        stage.controls.reset_calls();
        page.click("fetch-claims").await;
        page.wait_for("drafts-page").await;
        page.wait_for("editors-note").await;
        assert_eq!(stage.refreshes(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_role_added_on_the_server_applies_at_the_next_refresh() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        assert!(stage.controls.set_role(USER, "admin", true));
        page.click("nav-admin").await;
        page.wait_for("admin-denied").await;
        stage.controls.expire_all();
        page.click("nav-dashboard").await;
        page.click("one-request").await;
        page.wait_text("one-request-result", "200").await;
        page.click("nav-admin").await;
        page.wait_text("admin-users", USER).await;
    })
    .await;
}

#[tokio::test]
async fn the_list_shows_the_result_of_each_change_and_the_error() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(ADMIN).await;
        page.click("nav-admin").await;
        pressed(stage, "role-editor-user@example.com", false).await;
        page.click("role-editor-user@example.com").await;
        page.wait_text("roles-result", "user@example.com now has the role editor").await;
        pressed(stage, "role-editor-user@example.com", true).await;
        page.click("role-admin-admin@example.com").await;
        page.wait_text("roles-result", "At least one user must be an administrator.").await;
        pressed(stage, "role-admin-admin@example.com", true).await;

        page.click("role-admin-user@example.com").await;
        pressed(stage, "role-admin-user@example.com", true).await;
        page.click("role-admin-admin@example.com").await;
        page.wait_text("admin-denied", "requires the role admin; your session has: user.").await;
    })
    .await;
}

async fn pressed(stage: &Stage, id: &str, pressed: bool) {
    let is_pressed = format!("document.querySelector('[data-testid=\"{id}\"]')?.ariaPressed === '{pressed}'");
    stage.page.wait_js(&is_pressed).await;
}
