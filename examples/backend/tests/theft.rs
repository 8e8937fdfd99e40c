//! Which refresh tokens may be used again, and which are treated as stolen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Browser, api_of, in_both_generations};

in_both_generations! {
    a_parent_is_valid_until_a_child_is_used
    a_parent_is_theft_after_a_child_was_used_for_a_refresh
    a_parent_is_theft_after_the_childs_access_token_was_used
    a_sibling_is_theft_after_another_was_used
    an_unused_child_can_be_refreshed
    the_old_access_token_stays_valid_and_makes_no_refresh_final
    a_theft_ends_only_that_session
}

async fn a_parent_is_valid_until_a_child_is_used(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let parent = browser.clone();
    let mut children = Vec::new();
    for _ in 0..3 {
        let mut child = parent.clone();
        child.refresh().await.is(200);
        children.push(child);
    }
    assert_ne!(children[0].cookies["sRefreshToken"], children[1].cookies["sRefreshToken"]);
    assert_eq!(controls.thefts(), 0);

    // If the last response is lost, an earlier token is valid too.
    children[1].refresh().await.is(200);
    browser.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
}

async fn a_parent_is_theft_after_a_child_was_used_for_a_refresh(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.refresh().await.is(200);
    thief.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);

    // The session has ended for the rightful user too, which is no second theft.
    browser.clone().get("/api/orders").await.expect_revoked();
    browser.refresh().await.ends_session("unauthorised");
    assert_eq!(controls.thefts(), 1);
}

async fn a_parent_is_theft_after_the_childs_access_token_was_used(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
    thief.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
    browser.get("/api/orders").await.expect_revoked();
}

async fn a_sibling_is_theft_after_another_was_used(generation: Generation) {
    let (app, controls) = api_of(generation);
    let browser = Browser::signed_up(&app, "jo@example.com").await;
    let (mut used, mut late) = (browser.clone(), browser.clone());
    used.refresh().await.is(200);
    late.refresh().await.is(200);
    used.get("/api/orders").await.is(200);
    late.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
}

async fn an_unused_child_can_be_refreshed(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for _ in 0..5 {
        browser.refresh().await.is(200);
    }
    browser.get("/api/orders").await.is(200);
    assert_eq!(controls.thefts(), 0);
}

async fn the_old_access_token_stays_valid_and_makes_no_refresh_final(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut old = Browser::signed_up(&app, "jo@example.com").await;
    let mut new = old.clone();
    new.refresh().await.is(200);
    let response = old.get("/api/orders").await.is(200);
    assert_eq!(response.header("front-token"), None);
    old.refresh().await.is(200);
    assert_eq!(controls.thefts(), 0);
}

async fn a_theft_ends_only_that_session(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut other = Browser::signed_up(&app, "bo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.refresh().await.is(200);
    thief.refresh().await.is(401);
    other.get("/api/orders").await.is(200);
    other.refresh().await.is(200);
}
