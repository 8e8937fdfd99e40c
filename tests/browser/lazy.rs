//! Lazy views load when the guard shows them, and only for users with access.

use std::cell::{Cell, RefCell};

use browser_cases::{Backend, FALLBACK, Page, Probe, Response, SECRET, path, settle};
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos_router::{
    Lazy, LazyRoute,
    components::{Outlet, Route},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, Require, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Reasons, open_routes};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;

thread_local! {
    static FETCHES: Cell<u32> = const { Cell::new(0) };
    static BUILDS: Cell<u32> = const { Cell::new(0) };
    static CODE: RefCell<Option<oneshot::Receiver<()>>> = const { RefCell::new(None) };
}

/// A page whose code loads when the test lets it.
struct Report;

impl LazyRoute for Report {
    fn data() -> Self {
        FETCHES.set(FETCHES.get() + 1);
        Self
    }

    async fn view(_: Self) -> AnyView {
        if let Some(code) = CODE.take() {
            code.await.ok();
        }
        BUILDS.set(BUILDS.get() + 1);
        let user = use_session().user_id();
        // If this read were tracked, it would rebuild the view.
        let first = user.get();
        view! { <p>{SECRET} " of " {first} {move || user.get()}</p><Outlet/> }.into_any()
    }
}

/// Starts loading the code. It is loaded when the test uses or drops the sender.
fn start_loading() -> oneshot::Sender<()> {
    let (finish_loading, code) = oneshot::channel();
    CODE.set(Some(code));
    FETCHES.set(0);
    BUILDS.set(0);
    finish_loading
}

async fn open(at: &str, backend: &Backend, probe: Probe) -> Page {
    open_routes! {
        at, backend.client(), probe,
        <Route path=path!("/login") view=|| "login page"/>
        <ProtectedRoute
            path=path!("/report")
            view={Lazy::<Report>::new()}
            require=Require::role("admin")
            fallback=|| FALLBACK
            denied=Reasons
        />
        <ProtectedParentRoute
            path=path!("/reports")
            view={Lazy::<Report>::new()}
            require=Require::role("admin")
            fallback=|| FALLBACK
            denied=Reasons
        >
            <Route path=path!("all") view=|| "all of them"/>
        </ProtectedParentRoute>
    }
}

#[wasm_bindgen_test]
async fn the_fallback_is_shown_until_the_code_is_loaded_and_the_view_is_built_once() {
    for at in ["/report", "/reports/all"] {
        let (finish_loading, probe, backend) =
            (start_loading(), Probe::new(), Backend::signed_in_with("u1", ADMIN));
        let page = open(at, &backend, probe).await;
        assert_eq!(page.text().trim(), FALLBACK);
        finish_loading.send(()).unwrap();
        settle().await;
        assert!(page.text().contains(&format!("{SECRET} of u1u1")), "{}", page.text());
        assert_eq!(page.text().contains("all of them"), at == "/reports/all");
        probe.update(&backend, r#"{"st-role":{"v":["admin","more"],"t":2}}"#).await;
        assert_eq!((FETCHES.get(), BUILDS.get()), (1, 1));
        assert!(page.text().contains(SECRET));
    }
}

#[wasm_bindgen_test]
async fn code_and_data_are_not_fetched_for_users_without_access() {
    for (backend, shown) in
        [(Backend::signed_out(), "login page"), (Backend::signed_in("u1"), "denied for st-role")]
    {
        let finish_loading = start_loading();
        let page = open("/report", &backend, Probe::new()).await;
        assert_eq!(page.text().trim(), shown);
        assert_eq!((FETCHES.get(), BUILDS.get()), (0, 0));
        assert!(!finish_loading.is_canceled(), "the code is not fetched");
    }
}

#[wasm_bindgen_test]
async fn a_view_that_loads_after_the_session_ended_is_not_shown() {
    let (finish_loading, probe, backend) =
        (start_loading(), Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open("/report", &backend, probe).await;
    assert_eq!(page.text().trim(), FALLBACK);
    probe.receive(&backend, Response::removed(200)).await;
    assert_eq!(path(), "/login", "after a sign-out there is no return address");
    finish_loading.send(()).unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert!(!page.ever_showed(SECRET));
}
