//! The provider finds the session and publishes its status.

use supertokens_session::{SessionClient, SessionConfig, SessionError};
use supertokens_ui::SessionSource;

use crate::{Backend, Framework, Page, Probe, Response, Route, Site, Value, View, settle, window};

async fn panel<F: Framework>(backend: &Backend) -> Page {
    open::<F>(backend.client()).await
}

async fn open<F: Framework>(source: impl Into<SessionSource>) -> Page {
    let site = Site::new(source, Probe::new()).header(View::Panel);
    site.routes([Route::open("/", View::Text(""))]).open::<F>("/").await
}

pub(crate) async fn a_stored_session_is_known_without_a_request<F: Framework>() {
    let backend = Backend::signed_in("u1");
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(backend.requests().is_empty());
}

pub(crate) async fn a_stored_sign_out_is_known_without_a_request<F: Framework>() {
    let backend = Backend::signed_out();
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: NoSession } None"), "{}", page.text());
    assert!(backend.requests().is_empty());
}

pub(crate) async fn the_status_is_loading_until_the_backend_responds<F: Framework>() {
    let page = panel::<F>(&Backend::new()).await;
    assert!(page.text().contains("Loading None"), "{}", page.text());
}

/// A server may have rendered the first view, and then the browser's has to equal it.
pub(crate) async fn a_client_without_a_page_is_unreachable_only_after_the_first_view<F: Framework>() {
    let config = SessionConfig::builder("https://api.example.com").build().unwrap();
    let status = Probe::new();
    let page = Site::new(SessionClient::without_page(config), Probe::new())
        .header(View::Panel)
        .header(View::Read(status, Value::Status))
        .routes([Route::open("/", View::Text(""))])
        .open::<F>("/")
        .await;
    assert_eq!(status.all_shown(), ["Loading", "Unreachable"]);
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
    assert!(page.text().contains(&SessionError::NotInBrowser.to_string()), "{}", page.text());
}

pub(crate) async fn an_expired_token_is_refreshed_once<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([Response::session("u1", "{}")]);
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

pub(crate) async fn a_rejected_refresh_ends_the_session<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([Response::removed(401)]);
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: ExpiredOrRevoked } None"), "{}", page.text());
}

pub(crate) async fn a_network_failure_does_not_sign_out_and_a_recheck_recovers<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([Response::Down, Response::session("u1", "{}")]);
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
    assert!(page.text().contains("could not be refreshed"), "{}", page.text());
    page.click("#recheck").await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(!page.text().contains("could not be refreshed"), "{}", page.text());
}

pub(crate) async fn a_refresh_500_does_not_sign_out<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([Response::Status(500, vec![])]);
    let page = panel::<F>(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
}

pub(crate) async fn during_a_backoff_the_status_is_unreachable_and_no_request_is_sent<F: Framework>() {
    let too_many_requests = Response::Status(429, vec![("retry-after", "60".to_owned())]);
    let backend = Backend::expired("u1").with_responses([too_many_requests]);
    for _page in 0..2 {
        let page = panel::<F>(&backend).await;
        assert!(page.text().contains("Unreachable None"), "{}", page.text());
        assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
    }
}

pub(crate) async fn signing_out_sets_the_status_and_its_reason<F: Framework>() {
    let backend = Backend::signed_in("u1").with_responses([Response::removed(200)]);
    let page = panel::<F>(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert_eq!(backend.requests(), ["POST /auth/signout"]);
}

pub(crate) async fn signing_out_offline_ends_the_session_in_this_browser_and_sets_the_error<F: Framework>() {
    let backend = Backend::signed_in("u1").with_responses([Response::Down]);
    let page = panel::<F>(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert!(page.text().contains("the server has not revoked"), "{}", page.text());
}

pub(crate) async fn an_invalid_setting_is_shown_in_place_of_the_app<F: Framework>() {
    let config = SessionConfig::builder("api.example.com").build();
    let page = open::<F>(config).await;
    assert!(page.has("[role=alert]"));
    assert!(page.text().contains("api_domain") && page.text().contains("https://"), "{}", page.text());
}

pub(crate) async fn only_children_get_the_session<F: Framework>() {
    let site = Site::new(Backend::signed_in("u1").client(), Probe::new()).header(View::HasSession);
    let site = site.routes([Route::open("/", View::Text(""))]);
    let page = Site { outside: Some(View::HasSession), ..site }.open::<F>("/").await;
    assert!(page.text().starts_with("true"), "{}", page.text());
    assert!(page.text().ends_with("false"), "{}", page.text());
}

pub(crate) async fn a_response_after_the_provider_is_dropped_does_not_panic<F: Framework>() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let backend = Backend::expired("u1").with_responses([held]);
    let client = backend.client();
    let page = open::<F>(client.clone()).await;
    assert!(page.text().contains("Loading"), "{}", page.text());
    drop(page);
    backend.release();
    assert_eq!(client.session_exists().await, Ok(true), "the refresh continues for other clients");
    settle().await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

pub(crate) async fn the_page_is_intercepted_while_the_provider_exists<F: Framework>() {
    let fetch = || js_sys::Reflect::get(&window(), &"fetch".into()).unwrap();
    let before = fetch();
    let source = SessionSource::from(Backend::signed_in("u1").client()).intercept_page();
    let page = open::<F>(source).await;
    assert!(page.text().contains("Authenticated"), "{}", page.text());
    assert!(!js_sys::Object::is(&fetch(), &before));
    drop(page);
    settle().await;
    assert!(js_sys::Object::is(&fetch(), &before));
}
