//! What a server renders. `UPDATE_HYDRATED_PAGE=1` writes the page that the browser's tests hydrate.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

#[path = "hydration/app.rs"]
mod app;

use app::{App, AppProps};
use supertokens_yew::{FrontToken, ServerRequest, SessionConfig, Snapshot};
use yew::{ServerRenderer, html::IntoPropValue};

async fn render(snapshot: Option<Snapshot>) -> String {
    let props = move || AppProps {
        config: SessionConfig::builder("https://api.example.com").build().into_prop_value(),
        request: snapshot.map(ServerRequest::from_snapshot),
    };
    ServerRenderer::<App>::with_props(props).render().await
}

#[tokio::test]
async fn the_page_of_a_signed_in_user_has_the_guarded_view() {
    // Rendered ten minutes ago by the browser's clock, when the claim was fresh.
    let payload = r#"{"st-ev":{"v":true,"t":1699999300000}}"#;
    let front = format!(r#"{{"uid":"u1","ate":1700000060000,"up":{payload}}}"#);
    let mut snapshot = Snapshot::authenticated(FrontToken::from_json(&front).unwrap());
    snapshot.rendered_at_ms = Some(1_699_999_400_000);
    let page = render(Some(snapshot)).await;
    assert!(page.contains(r#"<p id="user">u1</p>"#) && page.contains("Signed in"), "{page}");
    assert!(page.contains("Fresh"), "{page}");
    assert!(!page.contains("fallback") && !page.contains("No user"), "{page}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hydration/page.html");
    if std::env::var_os("UPDATE_HYDRATED_PAGE").is_some() {
        std::fs::write(file, &page).unwrap();
    }
    assert_eq!(page, std::fs::read_to_string(file).unwrap(), "UPDATE_HYDRATED_PAGE=1 writes it");
}

#[tokio::test]
async fn without_a_request_the_session_is_loading() {
    let page = render(None).await;
    assert!(page.contains("fallback") && !page.contains("Signed in") && !page.contains("No user"), "{page}");
}
