//! Routes that an app adds behind the session check.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::routing::get;
use axum::{Extension, Router};
use backend::{Generation, Options, Session};
use common::{Browser, api, bare, in_both_generations};

in_both_generations! { private_routes_require_a_session_and_know_its_user }

async fn private_routes_require_a_session_and_know_its_user(generation: Generation) {
    let whose = async |Extension(session): Extension<Session>| session.user_id().to_owned();
    let private_routes = Router::new().route("/api/whose", get(whose));
    let (app, controls) = api(Options { generation, private_routes, ..Options::default() });
    bare(&app, "GET", "/api/whose", &[]).await.expect_unauthorised("unauthorised");

    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let user_id = browser.get("/api/me").await.json()["user_id"].clone();
    assert_eq!(browser.get("/api/whose").await.is(200).text(), user_id.as_str().unwrap());
    controls.expire_all();
    browser.get("/api/whose").await.expect_unauthorised("try refresh token");
}
