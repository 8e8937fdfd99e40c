//! A page for administrators only, by the claim of the SDK's roles.

use e2e::sdk::{Setting, USER, play};

with_both! {
    other_users_see_the_missing_role
    administrators_see_the_list
    a_denied_request_emits_an_event_that_names_the_claim
}

with_headers! {
    other_users_see_the_missing_role
    administrators_see_the_list
    a_denied_request_emits_an_event_that_names_the_claim
}

async fn other_users_see_the_missing_role(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset().await;
        stage.page.click("nav-admin").await;
        // From the claimValidationErrors of the 403.
        stage.page.wait_text("admin-denied", "requires the role admin; your session has: user.").await;
        stage.page.wait_path("/admin").await;
        assert!(!stage.page.record().await.has("admin-users"), "the list flashed");
        assert_eq!(stage.refreshes().await, 0, "a 403 is no reason to refresh");
        stage.page.click("nav-orders").await;
        stage.page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

async fn administrators_see_the_list(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive("admin@example.com").await;
        stage.page.click("nav-admin").await;
        let list = stage.page.wait_text("admin-users", USER).await;
        assert!(list.contains("admin@example.com"), "{list}");
        assert!(!stage.page.sees("admin-denied").await);
    })
    .await;
}

async fn a_denied_request_emits_an_event_that_names_the_claim(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset().await;
        page.click("nav-admin").await;
        page.wait_for("admin-denied").await;
        page.click("nav-dashboard").await;
        page.wait_text("event-log", "rejected a request because of these claims: st-role.").await;
        let refusals = stage.controls.calls("GET", "/api/admin/users").await;
        assert_eq!(page.events("ApiInvalidClaim").await, refusals);
        page.wait_text("status", "Signed in").await;
    })
    .await;
}
