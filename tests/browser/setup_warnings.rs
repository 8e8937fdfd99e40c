//! A wrong set-up shows in the console without a logger, and in debug builds in the default `unreachable` view.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedRoute, SessionClient, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, SECRET, Seen, settle};

/// Keeps what is written to the console as a warning, until it is dropped.
struct Console;

impl Console {
    fn watch() -> Self {
        let code = "window.warned = []; window.ownWarn = console.warn;
                    console.warn = (...all) => { warned.push(all.join(' ')) }";
        js_sys::eval(code).unwrap();
        Self
    }

    fn warnings(&self) -> Vec<String> {
        let all = js_sys::eval("JSON.stringify(warned)").unwrap().as_string().unwrap();
        serde_json::from_str(&all).unwrap()
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        js_sys::eval("console.warn = ownWarn").unwrap();
    }
}

fn page_answer() -> Answer {
    Answer::Status(200, vec![("content-type", "text/html; charset=utf-8".to_owned())])
}

async fn open(client: SessionClient, seen: Seen) -> Page {
    Page::open("/guarded", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=|| "login page"/>
                        <ProtectedRoute path=path!("/guarded") view=|| SECRET/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn an_api_that_answers_with_the_apps_own_page_is_named_in_the_console_and_on_the_page() {
    let (console, seen) = (Console::watch(), Seen::new());
    let backend = Backend::expired("u1").answers([page_answer(), page_answer()]);
    let page = open(backend.client(), seen).await;
    assert!(page.text().contains("is not responding"), "{}", page.text());
    assert!(page.text().contains("the refresh API returned a web page"), "{}", page.text());
    page.click("button").await;
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "once each: {warnings:?}");
    assert!(warnings[0].contains("returned a web page"), "{warnings:?}");
    assert!(warnings[0].contains("https://api.example.com/auth/session/refresh"), "{warnings:?}");
}

#[wasm_bindgen_test]
async fn a_dead_network_is_no_wrong_set_up_and_the_page_names_the_cause() {
    let (console, seen) = (Console::watch(), Seen::new());
    let page = open(Backend::expired("u1").answers([Answer::Down]).client(), seen).await;
    assert!(page.text().contains("the session could not be refreshed"), "{}", page.text());
    assert!(console.warnings().is_empty(), "{:?}", console.warnings());
}

#[wasm_bindgen_test]
async fn a_sign_in_whose_front_token_script_can_not_read_is_named_in_the_console() {
    let (console, seen) = (Console::watch(), Seen::new());
    let backend = Backend::signed_out();
    let _page = open(backend.client(), seen).await;
    for path in ["/auth/signin?email=ann@example.com", "/auth/signin?email=bob@example.com"] {
        backend.next(Answer::Body(200, r#"{"status":"OK","user":{"id":"ann-4711"}}"#));
        seen.session().client().post(path).send().await.unwrap();
        settle().await;
    }
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("access-control-expose-headers: front-token"), "{warnings:?}");
    assert!(!warnings[0].contains("ann") && !warnings[0].contains("bob"), "{warnings:?}");
}

#[wasm_bindgen_test]
async fn a_front_token_that_can_not_be_read_is_named_in_the_console() {
    let (console, seen) = (Console::watch(), Seen::new());
    let backend = Backend::signed_in("u1");
    let _page = open(backend.client(), seen).await;
    for odd in ["secret-no-token", "another-no-token"] {
        backend.next(Answer::Status(200, vec![("front-token", odd.to_owned())]));
        seen.session().client().get("/orders/4711").send().await.unwrap();
    }
    settle().await;
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("front token"), "{warnings:?}");
    assert!(!warnings[0].contains("no-token") && !warnings[0].contains("4711"), "{warnings:?}");
}

#[wasm_bindgen_test]
async fn a_payload_that_does_not_fit_its_type_is_named_once_in_the_console() {
    #[derive(Clone, PartialEq, serde::Deserialize)]
    struct Plan {
        plan: String,
    }
    let (console, seen) = (Console::watch(), Seen::new());
    let _page = open(Backend::signed_in("u1").client(), seen).await;
    for _ in 0..2 {
        let plan = seen.session().payload::<Plan>();
        assert!(plan.get_untracked().is_none_or(|known| known.plan.is_empty()));
    }
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("does not fit") && warnings[0].contains("Plan"), "{warnings:?}");
}
