//! Where guards lead, by the settings and by the provider's own word.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedRoute, SessionClient, SessionProvider};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, path};

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| "not found">
                <Route path=path!("/login") view=|| "login page"/>
                <Route path=path!("/auth") view=|| "auth page"/>
                <ProtectedRoute path=path!("/guarded") view=|| "secret"/>
            </Routes>
        </Router>
    }
}

fn client() -> SessionClient {
    let origin = window().location().origin().unwrap();
    Backend::signed_out().client_with(|settings| settings.website_domain(origin).website_base_path("/auth"))
}

#[wasm_bindgen_test]
async fn guards_lead_to_the_page_that_the_settings_name() {
    let client = client();
    let page =
        Page::open("/guarded", move || view! { <SessionProvider config=client><Pages/></SessionProvider> })
            .await;
    assert_eq!(page.text().trim(), "auth page");
    assert_eq!(path(), "/auth?redirectToPath=%2Fguarded");
}

#[wasm_bindgen_test]
async fn the_providers_own_word_comes_first() {
    let client = client();
    let page = Page::open("/guarded", move || {
        view! { <SessionProvider config=client login="/login"><Pages/></SessionProvider> }
    })
    .await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}
