//! A second user signs in over the first: nothing of the first user's stays on screen.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, SessionProvider, SignedIn, claims::email_verified,
    use_session,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, FALLBACK, NOW_MS, Page, SECRET, Seen, happens, open_guarded, settle};

/// A view that reads the user's id once, as a resource does, and an input that the user types into.
fn of_the_user(seen: Seen) -> impl IntoView {
    seen.built();
    on_cleanup(move || seen.taken_away());
    let user = use_session().user_id().get_untracked();
    view! { <p>"page of " {user}</p><input class="draft"/> }
}

async fn open(at: &str, backend: &Backend, seen: Seen, inner: Seen) -> Page {
    let client = backend.client();
    let denied = move || format!("denied {:?}", use_session().user_id().get_untracked());
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <SignedIn fallback=move || of_the_user(inner) require=Require::role("reader")>
                    {of_the_user(inner)}
                </SignedIn>
                <Router>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=|| "login page"/>
                        <ProtectedRoute path=path!("/guarded") view=move || of_the_user(seen)/>
                        <ProtectedRoute
                            path=path!("/admin")
                            view=|| SECRET
                            require=Require::role("admin")
                            denied
                        />
                        <ProtectedParentRoute
                            path=path!("/parent")
                            view=move || view! { {of_the_user(seen)} <Outlet/> }
                        >
                            <ProtectedRoute
                                path=path!("child")
                                view=move || view! { "child: " {of_the_user(inner)} }
                            />
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

/// An answer to a call of the first user's brings this.
async fn arrives(backend: &Backend, seen: Seen, answer: Answer) {
    backend.next(answer);
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
}

fn type_into_all(text: &str) {
    let inputs = document().query_selector_all(".draft").unwrap();
    for at in 0..inputs.length() {
        inputs.item(at).unwrap().unchecked_into::<web_sys::HtmlInputElement>().set_value(text);
    }
}

fn typed() -> String {
    let inputs = document().query_selector_all(".draft").unwrap();
    let of = |at| inputs.item(at).unwrap().unchecked_into::<web_sys::HtmlInputElement>().value();
    (0..inputs.length()).map(of).collect()
}

#[wasm_bindgen_test]
async fn another_user_in_place_of_the_first_builds_guarded_views_and_gates_anew() {
    let (seen, gate, backend) = (Seen::new(), Seen::new(), Backend::signed_in("ann"));
    let page = open("/guarded", &backend, seen, gate).await;
    type_into_all("a private note");
    arrives(&backend, seen, Answer::session("bob", "{}")).await;
    assert!(page.text().contains("page of bob") && !page.text().contains("ann"), "{}", page.text());
    assert_eq!(typed(), "", "nothing of what was typed is left");
    assert_eq!((seen.builds(), seen.times_taken_away()), (2, 1));
    assert_eq!((gate.builds(), gate.times_taken_away()), (2, 1), "so are those of a gate's fallback");
    let reader = r#"{"st-role":{"v":["reader"],"t":1}}"#;
    arrives(&backend, seen, Answer::session("bob", reader)).await;
    assert_eq!((seen.builds(), gate.builds()), (2, 3), "now the gate's children");
    arrives(&backend, seen, Answer::session("cid", reader)).await;
    assert_eq!(page.text().matches("page of cid").count(), 2, "{}", page.text());
    assert_eq!((seen.builds(), gate.builds(), gate.times_taken_away()), (3, 4, 3));
}

#[wasm_bindgen_test]
async fn another_user_in_another_tab_builds_them_anew_too() {
    let (seen, gate, backend) = (Seen::new(), Seen::new(), Backend::signed_in("ann"));
    let page = open("/guarded", &backend, seen, gate).await;
    type_into_all("a private note");
    backend.becomes(&Backend::signed_in("bob"));
    happens("focus");
    settle().await;
    assert!(page.text().contains("page of bob") && !page.text().contains("ann"), "{}", page.text());
    assert_eq!((typed().as_str(), seen.builds()), ("", 2));
}

#[wasm_bindgen_test]
async fn a_parent_is_built_anew_with_all_below_it() {
    let (seen, inner, backend) = (Seen::new(), Seen::new(), Backend::signed_in("ann"));
    let page = open("/parent/child", &backend, seen, inner).await;
    assert_eq!(page.text().matches("page of ann").count(), 3, "{}", page.text());
    arrives(&backend, seen, Answer::session("bob", "{}")).await;
    assert_eq!(page.text().matches("page of bob").count(), 3, "{}", page.text());
    assert!(!page.text().contains("ann"), "{}", page.text());
    assert_eq!((seen.builds(), seen.times_taken_away()), (2, 1));
    arrives(&backend, seen, Answer::session("bob", r#"{"plan":"pro"}"#)).await;
    assert_eq!(seen.builds(), 2);
}

#[wasm_bindgen_test]
async fn the_refusal_of_another_user_is_built_anew() {
    let (seen, gate, backend) = (Seen::new(), Seen::new(), Backend::signed_in("ann"));
    let page = open("/admin", &backend, seen, gate).await;
    assert!(page.text().contains(r#"denied Some("ann")"#), "{}", page.text());
    arrives(&backend, seen, Answer::session("bob", "{}")).await;
    assert!(page.text().contains(r#"denied Some("bob")"#), "{}", page.text());
}

/// Accounts that are linked change the user's id in the middle of a session.
#[wasm_bindgen_test]
async fn a_refresh_that_changes_the_user_builds_anew_and_one_that_does_not_builds_nothing() {
    let session = r#"{"sessionHandle":"h1"}"#;
    let (seen, gate, backend) = (Seen::new(), Seen::new(), Backend::signed_in_with("ann", session));
    let page = open("/guarded", &backend, seen, gate).await;
    type_into_all("half a sentence");
    for payload in [session, r#"{"sessionHandle":"h1","plan":"pro"}"#, r#"{"sessionHandle":"h2"}"#] {
        backend.next(Answer::session_until(NOW_MS + 90_000, "ann", payload));
        assert_eq!(seen.session().client().refresh().await, Ok(true));
        settle().await;
        assert_eq!((seen.builds(), gate.builds()), (1, 1), "{payload}");
    }
    assert_eq!(typed(), "half a sentence".repeat(2));
    backend.next(Answer::session("ann-linked", r#"{"sessionHandle":"h2"}"#));
    assert_eq!(seen.session().client().refresh().await, Ok(true));
    settle().await;
    assert!(page.text().contains("page of ann-linked"), "{}", page.text());
    assert_eq!((seen.builds(), typed().as_str()), (2, ""));
}

#[wasm_bindgen_test]
async fn the_claims_of_another_user_are_fetched_before_the_view_is_shown() {
    let verified = |t: i64| format!(r#"{{"st-ev":{{"v":true,"t":{t}}}}}"#);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("ann", &verified(NOW_MS)));
    let require = || Require::claim(email_verified().max_age_s(300));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
    backend.next(Answer::session("bob", &verified(NOW_MS - 301_000)));
    backend.next(Answer::Held(Box::new(Answer::session("bob", &verified(NOW_MS)))));
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!((page.text().trim(), seen.builds()), (FALLBACK, 1));
    backend.release();
    settle().await;
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 2));
}
