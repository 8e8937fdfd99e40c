//! The login page comes from the settings, or from the provider's prop `login`.

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
async fn guards_redirect_to_the_login_page_of_the_settings() {
    let client = client();
    let page =
        Page::open("/guarded", move || view! { <SessionProvider config=client><Pages/></SessionProvider> })
            .await;
    assert_eq!(page.text().trim(), "auth page");
    assert_eq!(path(), "/auth?redirectToPath=%2Fguarded");
}

#[wasm_bindgen_test]
async fn the_providers_login_prop_overrides_the_settings() {
    let client = client();
    let page = Page::open("/guarded", move || {
        view! { <SessionProvider config=client login="/login"><Pages/></SessionProvider> }
    })
    .await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}
