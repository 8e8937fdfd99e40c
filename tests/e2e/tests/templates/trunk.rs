//! `examples/templates/trunk`, served with its API on one origin, as Trunk's proxy does.

use e2e::{PASSWORD, Setting, USER, play};

use crate::{assert_quiet, reload_and_sign_out, sign_in_after_a_wrong_password};

#[tokio::test]
async fn a_user_signs_in_reloads_and_signs_out() {
    play(Setting::default().one_origin(), async |stage| {
        let page = &stage.page;
        let id = sign_in_after_a_wrong_password(page).await;
        assert_quiet(page).await;
        reload_and_sign_out(page, &id).await;
        assert_quiet(page).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_user_signs_up_after_an_address_that_is_taken() {
    play(Setting::default().one_origin(), async |stage| {
        let page = &stage.page;
        page.open("/").await;
        assert_eq!(page.autocomplete_of("Password").await, "current-password");
        page.press_button("Create an account").await;
        assert_eq!(page.autocomplete_of("Password").await, "new-password");
        page.fill_labelled("E-mail", USER).await;
        page.fill_labelled("Password", PASSWORD).await;
        page.press_button("Create account").await;
        page.wait_alert("already exists").await;

        page.fill_labelled("E-mail", "new@example.com").await;
        page.press_button("Create account").await;
        page.wait_words("You are signed in as").await;
        page.wait_path("/").await;
        assert_quiet(page).await;
    })
    .await;
}

#[tokio::test]
async fn while_the_api_is_down_the_form_says_so_and_the_user_can_try_again() {
    play(Setting::default().one_origin(), async |stage| {
        let page = &stage.page;
        page.open("/").await;
        page.fill_labelled("E-mail", USER).await;
        page.fill_labelled("Password", PASSWORD).await;
        stage.api.stop().await;
        page.press_button("Sign in").await;
        page.wait_alert(" ").await;
        stage.api.restart().await.expect("the same port");
        page.press_button("Sign in").await;
        page.wait_words("You are signed in as").await;
    })
    .await;
}
