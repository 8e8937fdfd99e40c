//! A page for administrators only.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn other_users_see_a_message_that_denies_access() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.page.click("nav-admin").await;
        let words = stage.page.text("admin-denied").await;
        assert!(words.contains(' '), "no words: {words}");
        stage.page.wait_path("/admin").await;
        assert!(!stage.page.sees("admin-users").await);
        assert!(!stage.page.record().await.has("admin-users"), "the list flashed");
        assert_eq!(stage.refreshes(), 0, "a 403 is no reason to refresh");
    })
    .await;
}

#[tokio::test]
async fn administrators_see_the_list() {
    play(Setting::default(), async |stage| {
        stage.arrive("admin@example.com").await;
        stage.page.click("nav-admin").await;
        let list = stage.page.wait_text("admin-users", USER).await;
        assert!(list.contains("admin@example.com"), "{list}");
        assert!(!stage.page.sees("admin-denied").await);
    })
    .await;
}
