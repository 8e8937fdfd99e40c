//! The browser restores a page from the back/forward cache. A cover hides the page until the store is read.

use supertokens_session::claims::Require;
use wasm_bindgen::JsCast;

use crate::{
    Backend, FALLBACK, Framework, Page, Probe, Response, SECRET, dispatch_from_cache, document, microtask,
    open_guarded, settle,
};

async fn open<F: Framework>(backend: &Backend, probe: Probe) -> Page {
    let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
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

pub(crate) async fn a_page_in_the_cache_is_covered_and_stays_hidden_after_a_sign_out<F: Framework>() {
    for is_slow in [false, true] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let page = open::<F>(&backend, probe).await;
        dispatch_from_cache("pagehide");
        assert_eq!(page.text(), "", "the cover hides the page at once");
        backend.replace_store(&Backend::signed_out());
        if is_slow {
            backend.delay_reads();
        }
        dispatch_from_cache("pageshow");
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
        assert!(backend.requests().is_empty());
    }
}

/// Some browsers emit no `pagehide` before they store the page in the cache.
pub(crate) async fn pageshow_alone_covers_the_page<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open::<F>(&backend, probe).await;
    backend.replace_store(&Backend::signed_out());
    backend.delay_reads();
    dispatch_from_cache("pageshow");
    for _ in 0..10 {
        assert!(!page.text().contains(SECRET));
        settle().await;
    }
    assert_eq!(page.text().trim(), "login page");
}

pub(crate) async fn with_a_session_the_page_is_unchanged_before_the_next_paint<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open::<F>(&backend, probe).await;
    js_sys::eval("document.getElementById('draft').value = 'half a word'").unwrap();
    draft().focus().unwrap();
    let field = draft();
    dispatch_from_cache("pagehide");
    dispatch_from_cache("pageshow");
    F::rendered().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(root_style().trim(), "");
    assert_eq!(typed(), "half a word");
    assert_eq!((draft() == field, probe.builds()), (true, 1));
    assert_eq!(document().active_element().unwrap().id(), "draft");
    assert!(backend.requests().is_empty());
}

pub(crate) async fn a_lost_role_hides_the_view<F: Framework>() {
    let backend = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let page = open_guarded::<F>("/guarded", backend.client(), Probe::new(), || Require::role("admin")).await;
    dispatch_from_cache("pagehide");
    backend.replace_store(&Backend::signed_in("u1"));
    dispatch_from_cache("pageshow");
    assert!(!page.text().contains(SECRET));
    F::rendered().await;
    assert_eq!(page.text().trim(), "denied for st-role");
}

pub(crate) async fn the_cover_restores_the_pages_own_style<F: Framework>() {
    let root = document().document_element().unwrap();
    root.set_attribute("style", "opacity: 0.5 !important; color: teal;").unwrap();
    let before = root_style();
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let _page = open::<F>(&backend, probe).await;
    dispatch_from_cache("pagehide");
    assert_ne!(root_style(), before);
    dispatch_from_cache("pagehide");
    dispatch_from_cache("pageshow");
    F::rendered().await;
    let style = root_style();
    assert!(style.contains("opacity: 0.5 !important") && style.contains("color: teal"), "{style}");
    assert!(!style.contains("visibility"), "{style}");
    root.remove_attribute("style").unwrap();
}

pub(crate) async fn an_unmounted_page_removes_its_cover<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open::<F>(&backend, probe).await;
    dispatch_from_cache("pagehide");
    drop(page);
    settle().await;
    assert_eq!(root_style().trim(), "");
}

pub(crate) async fn a_page_that_is_loading_shows_the_fallback<F: Framework>() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([held]));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
    dispatch_from_cache("pagehide");
    dispatch_from_cache("pageshow");
    F::rendered().await;
    assert_eq!(page.text().trim(), FALLBACK);
}
