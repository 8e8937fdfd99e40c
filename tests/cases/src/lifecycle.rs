//! A page causes one read for a burst of page events, retries an unreachable backend, and refreshes ahead of the
//! expiry.

use std::time::Duration;

use serde_json::json;
use supertokens_session::claims::Require;

use crate::{
    Backend, Framework, NOW_MS, Page, Probe, Response, SECRET, Value, View, Visibility, dispatch, guarded,
    open_guarded, settle,
};

const MARGIN: Duration = Duration::from_secs(20);

async fn unreachable<F: Framework>() -> (Page, Backend, Probe) {
    let (status, backend) = (Probe::new(), Backend::expired("u1").with_responses([Response::Down]));
    let site = guarded(backend.client(), Probe::new(), Require::session);
    let page = site.header(View::Read(status, Value::Status)).open::<F>("/guarded").await;
    assert_eq!(status.shown(), "Unreachable");
    assert_eq!(backend.requests().len(), 1);
    (page, backend, status)
}

/// A session that is issued at this time for a minute.
fn issued_at(ms: i64) -> Response {
    let up = json!({ "iat": ms / 1000, "sessionHandle": "h" });
    Response::session_until(ms + 60_000, "u1", &up.to_string())
}

pub(crate) async fn a_burst_of_page_events_causes_one_read_and_no_request<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
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

pub(crate) async fn each_page_event_causes_a_read<F: Framework>() {
    for event in ["pageshow", "focus", "visibilitychange", "online", "resume"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
        backend.replace_store(&Backend::signed_out());
        dispatch(event);
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
    }
}

pub(crate) async fn a_page_event_retries_an_unreachable_backend_at_once<F: Framework>() {
    for event in ["online", "visibilitychange", "focus", "resume"] {
        let (page, backend, status) = unreachable::<F>().await;
        backend.respond(Response::session("u1", "{}"));
        backend.advance_clock_without_timers(1_000);
        dispatch(event);
        settle().await;
        assert_eq!(status.shown(), "Authenticated", "{event}");
        assert_eq!(page.text().trim(), SECRET);
        assert_eq!(backend.requests().len(), 2);
    }
}

pub(crate) async fn a_burst_of_page_events_causes_one_attempt<F: Framework>() {
    let (_page, backend, _) = unreachable::<F>().await;
    backend.advance_clock_without_timers(1_000);
    for _ in 0..5 {
        backend.respond(Response::Down);
        dispatch("online");
        dispatch("focus");
        settle().await;
    }
    assert_eq!(backend.requests().len(), 2);
}

pub(crate) async fn without_page_events_attempts_follow_the_backoff<F: Framework>() {
    let (page, backend, status) = unreachable::<F>().await;
    for _ in 0..20 {
        backend.respond(Response::Down);
    }
    backend.advance_seconds(1).await;
    assert_eq!(backend.requests().len(), 2);
    backend.advance_seconds(120).await;
    let attempts = backend.requests().len();
    assert!((6..=11).contains(&attempts), "{attempts}");
    assert_eq!(status.shown(), "Unreachable");
    backend.clear_responses();
    backend.respond(Response::session_until(NOW_MS + 600_000, "u1", "{}"));
    backend.advance_seconds(60).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.advance_seconds(120).await;
    assert_eq!(backend.requests().len(), attempts + 1, "the attempts end after a success");
}

pub(crate) async fn a_hidden_page_makes_no_attempt_until_it_is_visible<F: Framework>() {
    let (page, backend, _) = unreachable::<F>().await;
    let visibility = Visibility::hide();
    dispatch("online");
    backend.advance_seconds(120).await;
    assert_eq!(backend.requests().len(), 1);
    backend.respond(Response::session_until(NOW_MS + 600_000, "u1", "{}"));
    visibility.show();
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
}

pub(crate) async fn a_visible_page_refreshes_ahead_and_rebuilds_nothing<F: Framework>() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead(MARGIN));
    let expiry = Probe::new();
    let site = guarded(client, probe, Require::session).header(View::Read(expiry, Value::ExpiresAt));
    let page = site.open::<F>("/guarded").await;
    backend.advance_seconds(39).await;
    assert!(backend.requests().is_empty());
    backend.respond(issued_at(NOW_MS + 45_000));
    backend.advance_seconds(12).await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
    assert_eq!(expiry.shown(), format!("{:?}", Some(Duration::from_millis(NOW_MS as u64 + 105_000))));
    assert_eq!((probe.builds(), page.text().trim()), (1, SECRET));
    backend.respond(issued_at(NOW_MS + 90_000));
    backend.advance_seconds(45).await;
    assert_eq!(backend.requests().len(), 2, "it refreshes ahead again");
}

pub(crate) async fn a_hidden_page_refreshes_when_it_is_visible_again<F: Framework>() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let client = backend.client_with(|settings| settings.refresh_ahead(MARGIN));
    let _page = open_guarded::<F>("/guarded", client, probe, Require::session).await;
    let visibility = Visibility::hide();
    backend.advance_seconds(300).await;
    assert!(backend.requests().is_empty());
    backend.respond(issued_at(NOW_MS + 301_000));
    visibility.show();
    settle().await;
    backend.advance_seconds(2).await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

pub(crate) async fn without_the_setting_the_page_does_not_refresh_ahead<F: Framework>() {
    let up = json!({ "iat": NOW_MS / 1000, "sessionHandle": "h" }).to_string();
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &up));
    let _page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
    backend.advance_seconds(120).await;
    dispatch("focus");
    settle().await;
    assert!(backend.requests().is_empty());
}

/// The listeners of page events, by their event.
fn listeners() -> String {
    js_sys::eval("JSON.stringify(pageListeners)").unwrap().as_string().unwrap()
}

/// Counts the listeners of page events that are added from then on, less those that are removed.
fn count_listeners() {
    let code = "window.pageListeners = {};
        if (!window.countsListeners) {
            window.countsListeners = true;
            const events = ['pageshow', 'pagehide', 'focus', 'visibilitychange', 'online', 'resume'];
            const count = (event, by) => {
                if (events.includes(event)) pageListeners[event] = (pageListeners[event] ?? 0) + by;
            };
            for (const target of [window, document]) {
                const { addEventListener, removeEventListener } = target;
                target.addEventListener = function (event, listener, options) {
                    count(event, 1);
                    options?.signal?.addEventListener('abort', () => count(event, -1));
                    return addEventListener.call(target, event, listener, options);
                };
                target.removeEventListener = function (event, ...rest) {
                    count(event, -1);
                    return removeEventListener.call(target, event, ...rest);
                };
            }
        }";
    js_sys::eval(code).unwrap();
}

pub(crate) async fn an_unmounted_app_leaves_no_listener_and_reads_nothing<F: Framework>() {
    count_listeners();
    let (probe, status, backend) = (Probe::new(), Probe::new(), Backend::signed_in("u1"));
    let site = guarded(backend.client(), probe, Require::session);
    let page = site.header(View::Read(status, Value::Status)).open::<F>("/guarded").await;
    assert!(listeners().contains(r#""pageshow":1"#), "{}", listeners());
    let client = probe.session().client();
    drop(page);
    settle().await;
    assert!(!listeners().contains(":1"), "{}", listeners());
    let before = (backend.read_count(), probe.renders(), status.renders());
    backend.replace_store(&Backend::signed_out());
    for event in ["pageshow", "focus", "visibilitychange", "online", "resume"] {
        dispatch(event);
    }
    settle().await;
    assert_eq!(backend.read_count(), before.0);
    backend.respond(Response::session("u2", "{}"));
    client.post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!((probe.renders(), status.renders()), (before.1, before.2));
    assert_eq!((probe.builds(), probe.removals()), (1, 1));
}
