//! Stories of users of the apps in `examples/templates`. `cargo xtask test --only templates` builds and plays them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod ssr;
mod trunk;

use e2e::{PASSWORD, Page, USER};

const LOGIN: &str = "/login?redirectToPath=%2F%3Ffrom%3Dmail";

/// From a guarded page to the login page, and back with the right password. Returns the user's id that the page shows.
async fn sign_in_after_a_wrong_password(page: &Page) -> String {
    page.open("/?from=mail").await;
    page.wait_path(LOGIN).await;
    page.fill_labelled("E-mail", USER).await;
    page.fill_labelled("Password", "not-my-password-1").await;
    page.press_button("Sign in").await;
    page.wait_alert("The e-mail or the password is wrong.").await;
    page.wait_path(LOGIN).await;
    assert!(page.cookie("sAccessToken").await.is_none());

    page.fill_labelled("Password", PASSWORD).await;
    page.press_button("Sign in").await;
    page.wait_path("/?from=mail").await;
    page.wait_words("You are signed in as").await;
    let id = page.js("return document.querySelector('code').innerText").await;
    let id = id.as_str().filter(|id| !id.is_empty()).expect("a user id").to_owned();
    assert_eq!(id.len(), 36, "as the API makes them: {id}");
    id
}

/// A reload shows the page at once, and a sign-out leads to the login page.
async fn reload_and_sign_out(page: &Page, id: &str) {
    page.reload().await;
    page.wait_words(id).await;
    let record = page.record().await;
    assert!(!record.says("Password"), "the form flashed: {record:?}");

    page.press_button("Sign out").await;
    page.wait_js("location.pathname === '/login'").await;
    page.wait_words("Password").await;
    assert!(page.cookie("sAccessToken").await.is_none());
    page.open("/").await;
    page.wait_path("/login?redirectToPath=%2F").await;
}

/// Neither a warning, such as about hydration, nor an exception, nor a violation of the Content-Security-Policy.
async fn assert_quiet(page: &Page) {
    let record = page.record().await;
    assert_eq!((record.errors, record.violations), (vec![], vec![]));
    let lines = page.console().await;
    // The browser itself logs each response with an error status.
    let is_loud = |level: &str| ["SEVERE", "WARNING"].contains(&level);
    let loud: Vec<_> = lines.iter().filter(|line| is_loud(&line.level) && line.source != "network").collect();
    assert!(loud.is_empty(), "{loud:?}");
}
