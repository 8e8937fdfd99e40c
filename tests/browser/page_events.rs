//! When the user returns to a page, it reads the store again.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionStatus, UnauthenticatedReason};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Backend, FALLBACK, Probe, Response, SECRET, dispatch, microtasks, open_guarded, settle,
};

#[wasm_bindgen_test]
async fn a_sign_out_in_another_tab_hides_the_view_before_the_next_paint() {
    for event in ["pageshow", "focus", "visibilitychange"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.replace_store(&Backend::signed_out());
        dispatch(event);
        microtasks().await;
        assert!(!page.text().contains(SECRET), "{event}");
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
        assert!(backend.requests().is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_lost_role_hides_the_view() {
    let admin = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let (probe, backend) = (Probe::new(), admin);
    let page = open_guarded("/guarded", backend.client(), probe, || Require::role("admin")).await;
    backend.replace_store(&Backend::signed_in("u1"));
    dispatch("pageshow");
    microtasks().await;
    assert_eq!(page.text().trim(), "denied for st-role");
}

#[wasm_bindgen_test]
async fn a_page_event_during_the_first_check_decides_nothing() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([held]));
    let page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
    backend.replace_store(&Backend::new());
    dispatch("pageshow");
    settle().await;
    assert_eq!(page.text().trim(), FALLBACK);
}

#[wasm_bindgen_test]
async fn a_read_at_the_same_time_does_not_lose_the_sign_out_reason() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1").with_responses([Response::removed(200)]));
    let _page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
    backend.delay_reads();
    probe.session().client().sign_out().await.unwrap();
    dispatch("focus");
    for _ in 0..5 {
        settle().await;
    }
    let reason = UnauthenticatedReason::SignedOut;
    assert_eq!(probe.session().status().get_untracked(), SessionStatus::Unauthenticated { reason });
}
