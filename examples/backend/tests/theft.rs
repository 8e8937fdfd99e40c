//! Which refresh tokens may come back, and which are taken for stolen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Browser, api_of, in_both_generations};

in_both_generations! {
    a_parent_comes_back_as_long_as_no_child_was_used
    a_parent_is_theft_once_a_child_was_presented_at_refresh
    a_parent_is_theft_once_the_childs_access_token_was_used
    a_sibling_is_theft_once_another_was_used
    a_grandchild_follows_from_a_child_that_was_never_used_otherwise
    the_old_access_token_stays_good_and_makes_nothing_final
    a_theft_ends_that_session_only
}

async fn a_parent_comes_back_as_long_as_no_child_was_used(generation: Generation) {
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

    // The answer of the last got lost; an earlier one is just as good.
    children[1].refresh().await.is(200);
    browser.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
}

async fn a_parent_is_theft_once_a_child_was_presented_at_refresh(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.refresh().await.is(200);
    thief.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);

    // The session is gone for the rightful user, too, and that is no second theft.
    browser.clone().get("/api/orders").await.finds_revoked();
    browser.refresh().await.ends_session("unauthorised");
    assert_eq!(controls.thefts(), 1);
}

async fn a_parent_is_theft_once_the_childs_access_token_was_used(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
    thief.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
    browser.get("/api/orders").await.finds_revoked();
}

async fn a_sibling_is_theft_once_another_was_used(generation: Generation) {
    let (app, controls) = api_of(generation);
    let browser = Browser::signed_up(&app, "jo@example.com").await;
    let (mut used, mut late) = (browser.clone(), browser.clone());
    used.refresh().await.is(200);
    late.refresh().await.is(200);
    used.get("/api/orders").await.is(200);
    late.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
}

async fn a_grandchild_follows_from_a_child_that_was_never_used_otherwise(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for _ in 0..5 {
        browser.refresh().await.is(200);
    }
    browser.get("/api/orders").await.is(200);
    assert_eq!(controls.thefts(), 0);
}

async fn the_old_access_token_stays_good_and_makes_nothing_final(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut old = Browser::signed_up(&app, "jo@example.com").await;
    let mut new = old.clone();
    new.refresh().await.is(200);
    let answer = old.get("/api/orders").await.is(200);
    assert_eq!(answer.header("front-token"), None);
    old.refresh().await.is(200);
    assert_eq!(controls.thefts(), 0);
}

async fn a_theft_ends_that_session_only(generation: Generation) {
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
