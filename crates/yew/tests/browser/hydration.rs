//! A page that a server has rendered starts in the browser with the server's session.

use browser_cases::{Backend, Page, Response, settle};
use supertokens_yew::SessionClient;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::html::IntoPropValue;

use crate::site::Mounted;

#[path = "../hydration/app.rs"]
mod app;

use app::{App, AppProps};

/// The page of the user `u1`, which the native test `server` compares with what a server renders.
const PAGE: &str = include_str!("../hydration/page.html");

async fn hydrate(client: SessionClient) -> Page {
    let page = Page::open("/", move |element| {
        element.set_inner_html(PAGE);
        let props = AppProps { config: client.into_prop_value(), request: None };
        let app = yew::Renderer::<App>::with_root_and_props(element.into(), props).hydrate();
        Box::new(Mounted(Some(app)))
    })
    .await;
    settle().await;
    page
}

#[wasm_bindgen_test]
async fn the_first_view_equals_the_servers_and_sends_no_request() {
    let backend = Backend::signed_in_with("u1", r#"{"st-ev":{"v":true,"t":1699999300000}}"#);
    let page = hydrate(backend.client()).await;
    assert!(page.text().contains("u1") && page.text().contains("Signed in"), "{}", page.text());
    assert!(!page.ever_showed("fallback") && !page.ever_showed("No user"));
    // A claim is as old as it was for the server.
    assert!(page.text().contains("Fresh") && !page.ever_showed("Too old"), "{}", page.text());
    assert!(backend.requests().is_empty(), "{:?}", backend.requests());
    // The page is alive.
    backend.respond(Response::removed(200));
    page.click("#out").await;
    assert!(page.text().contains("No user") && !page.text().contains("u1"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn after_hydration_the_page_follows_the_store_of_the_browser() {
    let page = hydrate(Backend::signed_in("u2").client()).await;
    assert!(page.text().contains("u2") && !page.text().contains("u1"), "{}", page.text());
    assert!(!page.ever_showed("fallback") && !page.ever_showed("No user"));
    drop(page);
    let page = hydrate(Backend::signed_out().client()).await;
    assert!(page.text().contains("No user") && !page.text().contains("u1"), "{}", page.text());
    assert!(!page.ever_showed("fallback"));
}
