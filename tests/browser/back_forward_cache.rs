//! A page that the back button brings back as it was left shows nothing until it is known whether it still may.

use leptos::prelude::*;
use supertokens_leptos::Require;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Answer, Backend, FALLBACK, Page, SECRET, Seen, happens_by_the_cache, microtask, microtasks, open_guarded,
    settle,
};

async fn open(backend: &Backend, seen: Seen) -> Page {
    let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    assert_eq!(page.text().trim(), SECRET);
    page
}

fn draft() -> web_sys::HtmlElement {
    document().get_element_by_id("draft").unwrap().unchecked_into()
}

fn typed() -> String {
    let value = js_sys::Reflect::get(&draft(), &"value".into()).unwrap();
    value.as_string().unwrap()
}

fn root_style() -> String {
    document().document_element().unwrap().get_attribute("style").unwrap_or_default()
}

#[wasm_bindgen_test]
async fn it_hides_as_it_is_left_and_after_a_sign_out_shows_nothing_of_it_again() {
    for is_slow in [false, true] {
        let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
        let page = open(&backend, seen).await;
        happens_by_the_cache("pagehide");
        assert_eq!(page.text(), "", "at once");
        backend.becomes(&Backend::signed_out());
        if is_slow {
            backend.reads_slowly();
        }
        happens_by_the_cache("pageshow");
        for _ in 0..10 {
            assert!(!page.text().contains(SECRET));
            for _ in 0..50 {
                microtask().await;
                assert!(!page.text().contains(SECRET));
            }
            settle().await;
        }
        assert_eq!(page.text().trim(), "login page");
        assert_eq!(root_style().trim(), "");
        assert!(backend.calls().is_empty());
    }
}

/// A browser that tells nothing of the page's way into its cache.
#[wasm_bindgen_test]
async fn the_way_back_alone_hides_it_too() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open(&backend, seen).await;
    backend.becomes(&Backend::signed_out());
    backend.reads_slowly();
    happens_by_the_cache("pageshow");
    for _ in 0..10 {
        assert!(!page.text().contains(SECRET));
        settle().await;
    }
    assert_eq!(page.text().trim(), "login page");
}

#[wasm_bindgen_test]
async fn where_the_session_lives_it_is_there_before_it_is_painted_as_it_was_left() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open(&backend, seen).await;
    js_sys::eval("document.getElementById('draft').value = 'half a word'").unwrap();
    draft().focus().unwrap();
    let field = draft();
    happens_by_the_cache("pagehide");
    happens_by_the_cache("pageshow");
    microtasks().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(root_style().trim(), "");
    assert_eq!(typed(), "half a word");
    assert_eq!((draft() == field, seen.builds()), (true, 1));
    assert_eq!(document().active_element().unwrap().id(), "draft");
    assert!(backend.calls().is_empty());
}

#[wasm_bindgen_test]
async fn a_lost_role_hides_what_it_guards() {
    let backend = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let page = open_guarded("/guarded", backend.client(), Seen::new(), || Require::role("admin")).await;
    happens_by_the_cache("pagehide");
    backend.becomes(&Backend::signed_in("u1"));
    happens_by_the_cache("pageshow");
    assert!(!page.text().contains(SECRET));
    microtasks().await;
    assert_eq!(page.text().trim(), "denied for st-role");
}

#[wasm_bindgen_test]
async fn the_pages_own_style_is_given_back() {
    let root = document().document_element().unwrap();
    root.set_attribute("style", "opacity: 0.5 !important; color: teal;").unwrap();
    let before = root_style();
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let _page = open(&backend, seen).await;
    happens_by_the_cache("pagehide");
    assert_ne!(root_style(), before);
    happens_by_the_cache("pagehide");
    happens_by_the_cache("pageshow");
    microtasks().await;
    let style = root_style();
    assert!(style.contains("opacity: 0.5 !important") && style.contains("color: teal"), "{style}");
    assert!(!style.contains("visibility"), "{style}");
    root.remove_attribute("style").unwrap();
}

#[wasm_bindgen_test]
async fn a_page_that_is_taken_down_meanwhile_leaves_nothing_hidden() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open(&backend, seen).await;
    happens_by_the_cache("pagehide");
    drop(page);
    settle().await;
    assert_eq!(root_style().trim(), "");
}

#[wasm_bindgen_test]
async fn where_nothing_is_known_yet_the_fallback_shows() {
    let late = Answer::Held(Box::new(Answer::session("u1", "{}")));
    let (seen, backend) = (Seen::new(), Backend::expired("u1").answers([late]));
    let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    happens_by_the_cache("pagehide");
    happens_by_the_cache("pageshow");
    microtasks().await;
    assert_eq!(page.text().trim(), FALLBACK);
}
