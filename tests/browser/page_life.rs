//! What a page does by itself: one look for a burst of events, another try where the backend did not answer, and a
//! refresh ahead of the expiry.

use leptos::prelude::*;
use serde_json::json;
use supertokens_leptos::{Require, SessionStatus};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, NOW_MS, SECRET, Seen, Sight, happens, open_guarded, settle};

const MARGIN_MS: u32 = 20_000;

async fn unreachable() -> (crate::support::Page, Backend, Seen) {
    let (seen, backend) = (Seen::new(), Backend::expired("u1").answers([Answer::Down]));
    let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    assert_eq!(seen.session().status().get_untracked(), SessionStatus::Unreachable);
    assert_eq!(backend.calls().len(), 1);
    (page, backend, seen)
}

/// As it is issued at that moment, for a minute.
fn issued_at(ms: i64) -> Answer {
    let up = json!({ "iat": ms / 1000, "sessionHandle": "h" });
    Answer::session_until(ms + 60_000, "u1", &up.to_string())
}

#[wasm_bindgen_test]
async fn a_burst_of_events_makes_one_look_and_no_call() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    let before = backend.reads();
    happens("focus");
    settle().await;
    let of_one = backend.reads() - before;
    assert!(of_one > 0);
    backend.pass(100);
    for event in ["resume", "visibilitychange", "pageshow", "focus", "online", "focus"] {
        happens(event);
        settle().await;
    }
    assert_eq!(backend.reads() - before, 2 * of_one);
    assert_eq!((seen.builds(), page.text().trim()), (1, SECRET));
    assert!(backend.calls().is_empty());
}

#[wasm_bindgen_test]
async fn each_event_alone_makes_a_look() {
    for event in ["pageshow", "focus", "visibilitychange", "online", "resume"] {
        let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
        let page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
        backend.becomes(&Backend::signed_out());
        happens(event);
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
    }
}

#[wasm_bindgen_test]
async fn the_network_and_the_eye_that_come_back_try_again_at_once() {
    for event in ["online", "visibilitychange", "focus", "resume"] {
        let (page, backend, seen) = unreachable().await;
        backend.next(Answer::session("u1", "{}"));
        backend.set_clock_on(1_000);
        happens(event);
        settle().await;
        assert_eq!(seen.session().status().get_untracked(), SessionStatus::Authenticated, "{event}");
        assert_eq!(page.text().trim(), SECRET);
        assert_eq!(backend.calls().len(), 2);
    }
}

#[wasm_bindgen_test]
async fn a_burst_of_events_tries_once() {
    let (_page, backend, _) = unreachable().await;
    backend.set_clock_on(1_000);
    for _ in 0..5 {
        backend.next(Answer::Down);
        happens("online");
        happens("focus");
        settle().await;
    }
    assert_eq!(backend.calls().len(), 2);
}

#[wasm_bindgen_test]
async fn without_any_event_it_tries_again_by_itself_and_ever_more_seldom() {
    let (page, backend, seen) = unreachable().await;
    for _ in 0..20 {
        backend.next(Answer::Down);
    }
    backend.pass_seconds(1).await;
    assert_eq!(backend.calls().len(), 2);
    backend.pass_seconds(120).await;
    let tries = backend.calls().len();
    assert!((6..=11).contains(&tries), "{tries}");
    assert_eq!(seen.session().status().get_untracked(), SessionStatus::Unreachable);
    backend.forget_answers();
    backend.next(Answer::session_until(NOW_MS + 600_000, "u1", "{}"));
    backend.pass_seconds(60).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.pass_seconds(120).await;
    assert_eq!(backend.calls().len(), tries + 1, "and then no more");
}

#[wasm_bindgen_test]
async fn what_nobody_sees_does_not_try_until_it_is_seen() {
    let (page, backend, _) = unreachable().await;
    let sight = Sight::hidden();
    happens("online");
    backend.pass_seconds(120).await;
    assert_eq!(backend.calls().len(), 1);
    backend.next(Answer::session_until(NOW_MS + 600_000, "u1", "{}"));
    sight.back();
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
}

#[wasm_bindgen_test]
async fn a_visible_page_refreshes_ahead_and_builds_nothing_again() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead_ms(MARGIN_MS));
    let page = open_guarded("/guarded", client, seen, Require::session).await;
    backend.pass_seconds(39).await;
    assert!(backend.calls().is_empty());
    backend.next(issued_at(NOW_MS + 45_000));
    backend.pass_seconds(12).await;
    assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
    assert_eq!(seen.session().expires_at_ms().get_untracked(), Some(NOW_MS + 105_000));
    assert_eq!((seen.builds(), page.text().trim()), (1, SECRET));
    backend.next(issued_at(NOW_MS + 90_000));
    backend.pass_seconds(45).await;
    assert_eq!(backend.calls().len(), 2, "and again");
}

#[wasm_bindgen_test]
async fn a_hidden_page_refreshes_when_it_is_seen_again() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead_ms(MARGIN_MS));
    let _page = open_guarded("/guarded", client, seen, Require::session).await;
    let sight = Sight::hidden();
    backend.pass_seconds(300).await;
    assert!(backend.calls().is_empty());
    backend.next(issued_at(NOW_MS + 301_000));
    sight.back();
    settle().await;
    backend.pass_seconds(2).await;
    assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn unless_it_is_asked_for_nothing_is_refreshed_ahead() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &up));
    let _page = open_guarded("/guarded", backend.client(), seen, Require::session).await;
    backend.pass_seconds(120).await;
    happens("focus");
    settle().await;
    assert!(backend.calls().is_empty());
}
