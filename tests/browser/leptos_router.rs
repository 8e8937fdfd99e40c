//! What only `leptos_router` has: its own guard, and a signal that says whether it navigates.

use browser_cases::{Backend, Probe, SECRET, path};
use leptos::prelude::*;
use leptos_router::{
    components::{ProtectedRoute as LeptosProtectedRoute, Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedRoute, Require, SessionProvider, use_return_address, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{open, start};

#[wasm_bindgen_test]
async fn leptos_routers_own_guard_takes_allows_as_its_condition() {
    const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;
    for (backend, shown, at) in [
        (Backend::new(), "one moment", "/guarded"),
        (Backend::signed_in("u1"), "access denied", "/denied"),
        (Backend::signed_in_with("u1", ADMIN), SECRET, "/guarded"),
    ] {
        let client = backend.client();
        let page = open("/guarded", move || {
            let pages = || {
                let allows = use_session().allows(Require::role("admin"));
                view! {
                    <Router>
                        <Routes fallback=|| "not found">
                            <Route path=path!("/denied") view=|| "access denied"/>
                            <LeptosProtectedRoute
                                path=path!("/guarded")
                                view=|| SECRET
                                condition=move || allows.get()
                                redirect_path=|| "/denied"
                                fallback=|| "one moment"
                            />
                        </Routes>
                    </Router>
                }
            };
            view! { <SessionProvider config=client>{pages()}</SessionProvider> }
        })
        .await;
        assert_eq!((page.text().trim(), path().as_str()), (shown, at));
    }
}

#[wasm_bindgen_test]
async fn after_a_redirect_and_the_return_the_router_is_not_routing() {
    let owner = Owner::new();
    let is_routing = owner.with(|| RwSignal::new(false));
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let (client, shared) = (backend.client(), send_wrapper::SendWrapper::new(probe));
    let login = || {
        use_return_address("/").go_when_signed_in();
        "login page"
    };
    let page = open("/guarded", move || {
        view! {
            <SessionProvider config=client>
                {start(*shared)}
                <Router set_is_routing=is_routing.write_only()>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=login/>
                        <ProtectedRoute path=path!("/guarded") view=|| SECRET/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    assert_eq!(page.text().trim(), "login page");
    assert!(!is_routing.get_untracked());
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!((page.text().trim(), path().as_str()), (SECRET, "/guarded"));
    assert!(!is_routing.get_untracked());
}
