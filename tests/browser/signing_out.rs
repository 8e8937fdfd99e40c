//! After an explicit sign-out the login page has no return address: the next user may be another one.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, SessionProvider, use_return_address, use_session,
};
use supertokens_session::TabMessage;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, SECRET, Seen, happens, path, settle};

#[component]
fn Login() -> impl IntoView {
    use_return_address("/home").go_when_signed_in();
    view! { "login page" <A href="/orders?open=1" attr:id="to-orders">"orders"</A> }
}

async fn open(at: &str, backend: &Backend, seen: Seen) -> Page {
    let client = backend.client();
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "elsewhere">
                        <Route path=path!("/login") view=Login/>
                        <ProtectedRoute path=path!("/orders") view=|| SECRET/>
                        <ProtectedParentRoute path=path!("/parent") view=Outlet>
                            <ProtectedRoute path=path!("child") view=|| SECRET/>
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn a_sign_out_stores_no_return_address_and_the_next_user_starts_at_the_default() {
    for at in ["/orders?customer=7#notes", "/parent/child"] {
        let (seen, backend) = (Seen::new(), Backend::signed_in("ann"));
        let page = open(at, &backend, seen).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.next(Answer::removed(200));
        seen.session().client().sign_out().await.unwrap();
        settle().await;
        assert_eq!(path(), "/login", "{at}");
        backend.next(Answer::session("bob", "{}"));
        seen.session().client().post("/auth/signin").send().await.unwrap();
        settle().await;
        assert_eq!(path(), "/home", "{at}");
    }
}

#[wasm_bindgen_test]
async fn a_sign_out_that_the_server_could_not_be_told_of_stores_none_either() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("ann").answers([Answer::Down]));
    let _page = open("/orders", &backend, seen).await;
    seen.session().sign_out();
    settle().await;
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn a_sign_out_in_another_tab_stores_none_either() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("ann"));
    let page = open("/orders", &backend, seen).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.becomes(&Backend::signed_out());
    seen.session().client().receive_tab_message(&TabMessage::read("SignOut none")).await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn an_end_that_the_user_did_not_ask_for_keeps_the_way_back() {
    let revoked = [Answer::Status(401, vec![]), Answer::removed(401)];
    let (seen, backend) = (Seen::new(), Backend::signed_in("ann").answers(revoked));
    let page = open("/orders?customer=7#notes", &backend, seen).await;
    seen.session().client().get("/x").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fcustomer%3D7%23notes");
    drop(page);
    let (seen, backend) = (Seen::new(), Backend::signed_in("ann"));
    let _page = open("/orders", &backend, seen).await;
    // It is gone from the store, and it is not known how it ended.
    backend.becomes(&Backend::signed_out());
    happens("focus");
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders");
}

#[wasm_bindgen_test]
async fn a_page_that_is_asked_for_after_the_sign_out_is_led_back_to() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("ann").answers([Answer::removed(200)]));
    let page = open("/parent/child", &backend, seen).await;
    seen.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
    page.click("#to-orders").await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fopen%3D1");
    backend.next(Answer::session("ann", "{}"));
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders?open=1", SECRET));
}
