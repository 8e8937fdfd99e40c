//! Return addresses that an attacker wrote.

use e2e::{Setting, Stage, USER, play};

/// As in the address bar.
const BAD: [&str; 9] = [
    "https://evil.example/",
    "https%3A%2F%2Fevil.example%2F",
    "//evil.example",
    "%2F%2Fevil.example",
    "/\\evil.example",
    "%2F%5Cevil.example",
    "%2F%09%2Fevil.example",
    "javascript:document.title='stolen'",
    "/login",
];

async fn is_at_home(stage: &Stage, target: &str) {
    stage.page.wait_for("dashboard-page").await;
    stage.page.wait_path("/").await;
    let title = stage.page.js("return document.title").await;
    assert_ne!(title, "stolen", "{target} ran");
}

#[tokio::test]
async fn an_unsafe_return_address_opens_the_home_page_after_sign_in() {
    play(Setting::default(), async |stage| {
        for target in BAD {
            stage.page.open(&format!("/login?redirectToPath={target}")).await;
            stage.sign_in_as(USER).await;
            is_at_home(stage, target).await;
            stage.page.click("sign-out").await;
            stage.page.wait_for("login-page").await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_unsafe_return_address_opens_the_home_page_for_signed_in_users() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        for target in BAD {
            stage.page.open(&format!("/login?redirectToPath={target}")).await;
            is_at_home(stage, target).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_safe_return_address_is_opened() {
    play(Setting::default(), async |stage| {
        stage.page.open("/login?redirectToPath=/orders").await;
        stage.sign_in_as(USER).await;
        stage.page.wait_path("/orders").await;
        stage.page.wait_for("orders-page").await;
    })
    .await;
}
