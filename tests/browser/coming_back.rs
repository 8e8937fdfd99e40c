//! A page that comes back looks at what has happened meanwhile.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionStatus, UnauthenticatedReason};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, FALLBACK, SECRET, Seen, happens, microtasks, open_guarded, settle};

#[wasm_bindgen_test]
async fn a_sign_out_elsewhere_hides_what_is_guarded_before_it_is_painted() {
    for event in ["pageshow", "focus", "visibilitychange"] {
        let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
        let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.becomes(&Backend::signed_out());
        happens(event);
        microtasks().await;
        assert!(!page.text().contains(SECRET), "{event}");
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
        assert!(backend.calls().is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_lost_role_hides_what_it_guards() {
    let admin = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let (seen, backend) = (Seen::new(), admin);
    let page = open_guarded("/guarded", backend.client(), seen, || Require::role("admin")).await;
    backend.becomes(&Backend::signed_in("u1"));
    happens("pageshow");
    microtasks().await;
    assert_eq!(page.text().trim(), "denied for st-role");
}

#[wasm_bindgen_test]
async fn nothing_is_decided_early_by_it() {
    let late = Answer::Held(Box::new(Answer::session("u1", "{}")));
    let (seen, backend) = (Seen::new(), Backend::expired("u1").answers([late]));
    let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    backend.becomes(&Backend::new());
    happens("pageshow");
    settle().await;
    assert_eq!(page.text().trim(), FALLBACK);
}

#[wasm_bindgen_test]
async fn a_look_at_the_same_moment_hides_no_reason() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1").answers([Answer::removed(200)]));
    let _page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    backend.reads_slowly();
    seen.session().client().sign_out().await.unwrap();
    happens("focus");
    for _ in 0..5 {
        settle().await;
    }
    let reason = UnauthenticatedReason::SignedOut;
    assert_eq!(seen.session().status().get_untracked(), SessionStatus::Unauthenticated { reason });
}
