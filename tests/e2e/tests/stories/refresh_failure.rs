//! A failed refresh does not sign the user out.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn a_server_error_leaves_the_user_signed_in_and_shows_a_message() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.fail_refreshes(100, 500);
        page.click("one-request").await;
        let words = page.text("one-request-result").await;
        assert!(words.contains(' '), "no words: {words}");
        page.wait_text("status", "Signed in").await;
        assert_eq!(stage.refreshes(), 1, "a server in trouble is not hammered");
        assert!(page.cookie("sFrontToken").await.is_some());

        stage.controls.fail_refreshes(0, 500);
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("status", "Signed in").await;
    })
    .await;
}

#[tokio::test]
async fn a_list_that_failed_to_load_can_be_loaded_again() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.expire_all();
        stage.controls.fail_refreshes(100, 503);
        page.click("nav-orders").await;
        let words = page.text("orders-error").await;
        assert!(words.contains(' '), "no words: {words}");
        page.wait_path("/orders").await;

        stage.controls.fail_refreshes(0, 503);
        page.click("orders-retry").await;
        page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn a_proxy_that_removes_session_headers_causes_no_loop_and_no_sign_out() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.drop_headers(&["front-token"], 100);
        page.click("one-request").await;
        let words = page.text("one-request-result").await;
        assert!(words.contains(' '), "no words: {words}");
        page.wait_text("status", "Signed in").await;
        assert!(stage.refreshes() <= 2, "{} refreshes", stage.refreshes());
    })
    .await;
}
