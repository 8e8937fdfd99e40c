//! A page causes one read for a burst of page events, retries an unreachable backend, and refreshes ahead of the
//! expiry.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::json;
use supertokens_leptos::{Require, SessionStatus};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, NOW_MS, Probe, Response, SECRET, Visibility, dispatch, open_guarded, settle};

const MARGIN: Duration = Duration::from_secs(20);

async fn unreachable() -> (crate::support::Page, Backend, Probe) {
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([Response::Down]));
    let page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
    assert_eq!(probe.session().status().get_untracked(), SessionStatus::Unreachable);
    assert_eq!(backend.requests().len(), 1);
    (page, backend, probe)
}

/// A session that is issued at this time for a minute.
fn issued_at(ms: i64) -> Response {
    let up = json!({ "iat": ms / 1000, "sessionHandle": "h" });
    Response::session_until(ms + 60_000, "u1", &up.to_string())
}

#[wasm_bindgen_test]
async fn a_burst_of_page_events_causes_one_read_and_no_request() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
    let before = backend.read_count();
    dispatch("focus");
    settle().await;
    let reads_of_one_event = backend.read_count() - before;
    assert!(reads_of_one_event > 0);
    backend.advance_ms(100);
    for event in ["resume", "visibilitychange", "pageshow", "focus", "online", "focus"] {
        dispatch(event);
        settle().await;
    }
    assert_eq!(backend.read_count() - before, 2 * reads_of_one_event);
    assert_eq!((probe.builds(), page.text().trim()), (1, SECRET));
    assert!(backend.requests().is_empty());
}

#[wasm_bindgen_test]
async fn each_page_event_causes_a_read() {
    for event in ["pageshow", "focus", "visibilitychange", "online", "resume"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
        backend.replace_store(&Backend::signed_out());
        dispatch(event);
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
    }
}

#[wasm_bindgen_test]
async fn a_page_event_retries_an_unreachable_backend_at_once() {
    for event in ["online", "visibilitychange", "focus", "resume"] {
        let (page, backend, probe) = unreachable().await;
        backend.respond(Response::session("u1", "{}"));
        backend.advance_clock_without_timers(1_000);
        dispatch(event);
        settle().await;
        assert_eq!(probe.session().status().get_untracked(), SessionStatus::Authenticated, "{event}");
        assert_eq!(page.text().trim(), SECRET);
        assert_eq!(backend.requests().len(), 2);
    }
}

#[wasm_bindgen_test]
async fn a_burst_of_page_events_causes_one_attempt() {
    let (_page, backend, _) = unreachable().await;
    backend.advance_clock_without_timers(1_000);
    for _ in 0..5 {
        backend.respond(Response::Down);
        dispatch("online");
        dispatch("focus");
        settle().await;
    }
    assert_eq!(backend.requests().len(), 2);
}

#[wasm_bindgen_test]
async fn without_page_events_attempts_follow_the_backoff() {
    let (page, backend, probe) = unreachable().await;
    for _ in 0..20 {
        backend.respond(Response::Down);
    }
    backend.advance_seconds(1).await;
    assert_eq!(backend.requests().len(), 2);
    backend.advance_seconds(120).await;
    let attempts = backend.requests().len();
    assert!((6..=11).contains(&attempts), "{attempts}");
    assert_eq!(probe.session().status().get_untracked(), SessionStatus::Unreachable);
    backend.clear_responses();
    backend.respond(Response::session_until(NOW_MS + 600_000, "u1", "{}"));
    backend.advance_seconds(60).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.advance_seconds(120).await;
    assert_eq!(backend.requests().len(), attempts + 1, "the attempts end after a success");
}

#[wasm_bindgen_test]
async fn a_hidden_page_makes_no_attempt_until_it_is_visible() {
    let (page, backend, _) = unreachable().await;
    let visibility = Visibility::hide();
    dispatch("online");
    backend.advance_seconds(120).await;
    assert_eq!(backend.requests().len(), 1);
    backend.respond(Response::session_until(NOW_MS + 600_000, "u1", "{}"));
    visibility.show();
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
}

#[wasm_bindgen_test]
async fn a_visible_page_refreshes_ahead_and_rebuilds_nothing() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead(MARGIN));
    let page = open_guarded("/guarded", client, probe, Require::session).await;
    backend.advance_seconds(39).await;
    assert!(backend.requests().is_empty());
    backend.respond(issued_at(NOW_MS + 45_000));
    backend.advance_seconds(12).await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
    assert_eq!(
        probe.session().expires_at().get_untracked(),
        Some(Duration::from_millis(NOW_MS as u64 + 105_000))
    );
    assert_eq!((probe.builds(), page.text().trim()), (1, SECRET));
    backend.respond(issued_at(NOW_MS + 90_000));
    backend.advance_seconds(45).await;
    assert_eq!(backend.requests().len(), 2, "it refreshes ahead again");
}

#[wasm_bindgen_test]
async fn a_hidden_page_refreshes_when_it_is_visible_again() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead(MARGIN));
    let _page = open_guarded("/guarded", client, probe, Require::session).await;
    let visibility = Visibility::hide();
    backend.advance_seconds(300).await;
    assert!(backend.requests().is_empty());
    backend.respond(issued_at(NOW_MS + 301_000));
    visibility.show();
    settle().await;
    backend.advance_seconds(2).await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn without_the_setting_the_page_does_not_refresh_ahead() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let _page = open_guarded("/guarded", backend.client(), probe, Require::session).await;
    backend.advance_seconds(120).await;
    dispatch("focus");
    settle().await;
    assert!(backend.requests().is_empty());
}
