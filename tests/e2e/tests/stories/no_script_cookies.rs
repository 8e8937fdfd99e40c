//! A browser that blocks cookies of scripts.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn the_session_is_stored_without_cookies_and_survives_a_reload() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.refuse_script_cookies().await;
        stage.arrive(USER).await;
        assert!(page.cookie("sFrontToken").await.is_none(), "the browser stored a cookie of the script");
        assert!(page.local_storage("sFrontToken").await.is_some());

        stage.controls.reset_calls();
        page.reload().await;
        page.wait_for("dashboard-page").await;
        assert_eq!(stage.refreshes(), 0);
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes(), 1);

        page.click("sign-out").await;
        page.wait_for("signed-out-notice").await;
        assert!(page.local_storage("sFrontToken").await.is_none());
        page.reload().await;
        page.wait_for("login-page").await;
        assert_eq!(stage.refreshes(), 1, "the store also says that no user is signed in");
    })
    .await;
}
