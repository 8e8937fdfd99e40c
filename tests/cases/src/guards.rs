//! What a guarded route shows, and where it redirects.

use crate::{
    Backend, FALLBACK, Framework, Page, Probe, Response, Route, SECRET, Site, View, document, history_length,
    path, settle,
};

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    let child = View::All(vec![View::Text("child got "), View::ReadContext]);
    let parent = View::All(vec![View::Text("parent "), View::Context(Box::new(View::Outlet))]);
    Site::new(backend.client(), probe)
        .routes([
            Route::open("/login", View::Text("login page")),
            Route::guarded("/guarded", View::Secret.counted(probe)).fallback(FALLBACK),
            Route::guarded("/parent", parent).fallback(FALLBACK).children([Route::open("child", child)]),
        ])
        .open::<F>(at)
        .await
}

pub(crate) async fn a_signed_in_user_sees_the_view<F: Framework>() {
    let probe = Probe::new();
    let page = open::<F>("/guarded", &Backend::signed_in("u1"), probe).await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(path(), "/guarded");
}

pub(crate) async fn the_fallback_is_shown_and_no_view_is_built_while_loading<F: Framework>() {
    let probe = Probe::new();
    let page = open::<F>("/guarded", &Backend::new(), probe).await;
    assert_eq!(page.text().trim(), FALLBACK);
    assert_eq!(probe.builds(), 0);
}

pub(crate) async fn a_redirect_to_login_has_the_return_address_and_replaces_history<F: Framework>() {
    let probe = Probe::new();
    let before = history_length();
    let page = open::<F>("/guarded?a=1&b=x%20y#part", &Backend::signed_out(), probe).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded%3Fa%3D1%26b%3Dx%2520y%23part");
    assert_eq!(probe.builds(), 0);
    assert_eq!(history_length(), before);
}

pub(crate) async fn a_first_visit_checks_for_a_session_once_and_redirects_to_login<F: Framework>() {
    let backend = Backend::new().with_responses([Response::removed(401)]);
    let page = open::<F>("/guarded", &backend, Probe::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

pub(crate) async fn an_unreachable_backend_shows_a_retry_button_and_never_the_login_page<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([
        Response::Down,
        Response::Down,
        Response::session("u1", "{}"),
    ]);
    let page = open::<F>("/guarded", &backend, Probe::new()).await;
    assert!(page.has("[role=alert]") && page.text().contains("is not responding"), "{}", page.text());
    page.click("button").await;
    assert!(page.has("[role=alert]"), "{}", page.text());
    assert_eq!(path(), "/guarded");
    page.click("button").await;
    assert_eq!(page.text().trim(), SECRET);
}

pub(crate) async fn a_session_that_ends_later_redirects_to_login<F: Framework>() {
    let backend =
        Backend::signed_in("u1").with_responses([Response::Status(401, vec![]), Response::removed(401)]);
    let probe = Probe::new();
    let page = open::<F>("/guarded", &backend, probe).await;
    assert_eq!(page.text().trim(), SECRET);
    let response = probe.session().client().get("/orders").send().await.unwrap();
    assert_eq!(response.status(), 401);
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}

pub(crate) async fn refreshes_payloads_and_rechecks_never_rebuild_the_view<F: Framework>() {
    let backend = Backend::signed_in("u1").with_responses([
        Response::session("u1", r#"{"plan":"pro"}"#),
        Response::session("u1", r#"{"plan":"team"}"#),
        Response::Status(500, vec![]),
        Response::Down,
    ]);
    let probe = Probe::new();
    let page = open::<F>("/guarded", &backend, probe).await;
    let input = || document().get_element_by_id("draft").unwrap();
    let before = input();
    before.set_attribute("data-typed", "half a sentence").unwrap();
    let client = probe.session().client();
    client.refresh().await.unwrap();
    client.get("/profile").send().await.unwrap();
    client.refresh().await.unwrap_err();
    client.refresh().await.unwrap_err();
    probe.session().recheck();
    settle().await;
    assert_eq!(probe.builds(), 1);
    assert!(before.is_same_node(Some(&input())));
    assert_eq!(page.text().trim(), SECRET);
}

pub(crate) async fn a_parent_route_guards_its_children_and_shares_its_contexts<F: Framework>() {
    let page = open::<F>("/parent/child", &Backend::signed_in("u1"), Probe::new()).await;
    assert!(
        page.text().contains("parent") && page.text().contains("child got from the parent"),
        "{}",
        page.text()
    );
    drop(page);
    let page = open::<F>("/parent/child", &Backend::signed_out(), Probe::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Fchild");
}

pub(crate) async fn a_guarded_login_page_shows_an_error_and_does_not_loop<F: Framework>() {
    let page = Site::new(Backend::signed_out().client(), Probe::new())
        .routes([Route::guarded("/login", View::Secret)])
        .open::<F>("/login")
        .await;
    assert!(page.text().contains("must not be guarded"), "{}", page.text());
    assert_eq!(path(), "/login");
}
