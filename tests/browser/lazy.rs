//! Views that are loaded when they are shown, and not for anybody else.

use std::cell::{Cell, RefCell};

use futures_channel::oneshot;
use leptos::prelude::*;
use leptos_router::{
    Lazy, LazyRoute,
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, Require, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, FALLBACK, Page, Reasons, SECRET, Seen, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;

thread_local! {
    static FETCHES: Cell<u32> = const { Cell::new(0) };
    static BUILDS: Cell<u32> = const { Cell::new(0) };
    static CODE: RefCell<Option<oneshot::Receiver<()>>> = const { RefCell::new(None) };
}

/// A page whose code comes when the test says so.
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
        // A read that would build it again, were it tracked.
        let first = user.get();
        view! { <p>{SECRET} " of " {first} {move || user.get()}</p><Outlet/> }.into_any()
    }
}

/// The code is on its way until this is used or dropped.
fn code_on_its_way() -> oneshot::Sender<()> {
    let (arrive, code) = oneshot::channel();
    CODE.set(Some(code));
    FETCHES.set(0);
    BUILDS.set(0);
    arrive
}

async fn open(at: &str, backend: &Backend, seen: Seen) -> Page {
    let client = backend.client();
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
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
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn the_fallback_is_there_until_the_code_is_and_the_view_is_built_once() {
    for at in ["/report", "/reports/all"] {
        let (arrive, seen, backend) = (code_on_its_way(), Seen::new(), Backend::signed_in_with("u1", ADMIN));
        let page = open(at, &backend, seen).await;
        assert_eq!(page.text().trim(), FALLBACK);
        arrive.send(()).unwrap();
        settle().await;
        assert!(page.text().contains(&format!("{SECRET} of u1u1")), "{}", page.text());
        assert_eq!(page.text().contains("all of them"), at == "/reports/all");
        backend.next(Answer::session("u1", r#"{"st-role":{"v":["admin","more"],"t":2}}"#));
        seen.session().client().get("/orders").send().await.unwrap();
        settle().await;
        assert_eq!((FETCHES.get(), BUILDS.get()), (1, 1));
        assert!(page.text().contains(SECRET));
    }
}

#[wasm_bindgen_test]
async fn neither_code_nor_data_is_fetched_for_who_may_not_see_it() {
    for (backend, shown) in
        [(Backend::signed_out(), "login page"), (Backend::signed_in("u1"), "denied for st-role")]
    {
        let arrive = code_on_its_way();
        let page = open("/report", &backend, Seen::new()).await;
        assert_eq!(page.text().trim(), shown);
        assert_eq!((FETCHES.get(), BUILDS.get()), (0, 0));
        assert!(!arrive.is_canceled(), "the code was not asked for");
    }
}

#[wasm_bindgen_test]
async fn what_arrives_after_the_session_has_ended_is_not_shown() {
    let (arrive, seen, backend) = (code_on_its_way(), Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open("/report", &backend, seen).await;
    assert_eq!(page.text().trim(), FALLBACK);
    backend.next(Answer::removed(200));
    seen.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login", "it was a sign-out");
    arrive.send(()).unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert!(!page.saw(SECRET));
}
