//! Requirements and claims that an app reads, and `Session::ready`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use supertokens_session::claims::{Require, roles};
use supertokens_ui::SessionStatus;
use wasm_bindgen_futures::spawn_local;

use crate::{
    Backend, Framework, NOW_MS, Page, Probe, Response, Route, SessionHandle, Site, Value, View, settle,
};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"plan":{"v":"pro","t":1}}"#;
const NEWER_ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":2},"plan":{"v":"pro","t":2},"n":2}"#;
const READER: &str = r#"{"st-role":{"v":["reader"],"t":3},"plan":{"v":7,"t":3}}"#;

/// Opens a page whose probe gets the value.
async fn read<F: Framework>(backend: &Backend, probe: Probe, value: Value) -> Page {
    let site = Site::new(backend.client(), probe).header(View::Read(probe, value));
    site.routes([Route::open("/", View::Text(""))]).open::<F>("/").await
}

fn admin() -> Value {
    Value::Allows(Rc::new(|| Require::role("admin")))
}

pub(crate) async fn allows_is_none_until_the_session_is_known_and_false_without_access<F: Framework>() {
    for (backend, shown) in [
        (Backend::new(), "None"),
        (Backend::expired("u1").with_responses([Response::Down]), "None"),
        (Backend::signed_out(), "Some(false)"),
        (Backend::signed_in("u1"), "Some(false)"),
        (Backend::signed_in_with("u1", ADMIN), "Some(true)"),
    ] {
        let probe = Probe::new();
        let _page = read::<F>(&backend, probe, admin()).await;
        assert_eq!(probe.shown(), shown);
    }
}

pub(crate) async fn allows_notifies_only_when_its_value_changes<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let _page = read::<F>(&backend, probe, admin()).await;
    let before = probe.renders();
    probe.update(&backend, NEWER_ADMIN).await;
    assert_eq!(probe.renders(), before);
    probe.update(&backend, READER).await;
    assert_eq!(probe.shown(), "Some(false)");
    assert_eq!(probe.renders(), before + 1);
}

pub(crate) async fn a_claims_age_is_checked_once_and_not_as_time_passes<F: Framework>() {
    let payload = |n: u8| format!(r#"{{"st-role":{{"v":["admin"],"t":{NOW_MS}}},"n":{n}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &payload(1)));
    let is_admin = || Require::claim(roles().includes("admin".to_owned()).max_age(Duration::from_secs(30)));
    let admin = Value::Allows(Rc::new(is_admin));
    let _page = read::<F>(&backend, probe, admin.clone()).await;
    backend.advance_ms(31_000);
    probe.update(&backend, &payload(2)).await;
    assert_eq!(probe.shown(), "Some(true)");
    let _page = read::<F>(&backend, probe, admin.clone()).await;
    assert_eq!(probe.shown(), "Some(false)");
}

pub(crate) async fn denied_gives_the_reasons_and_follows_the_requirement<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", READER));
    let role = Rc::new(Cell::new("admin"));
    let current = role.clone();
    let denial = Value::Denial(Rc::new(move || Require::role(current.get())));
    let _page = read::<F>(&backend, probe, denial).await;
    assert_eq!(probe.shown(), r#"Some(String("admin"))"#);
    role.set("reader");
    probe.render_again().await;
    assert_eq!(probe.shown(), "None");
    for backend in [Backend::new(), Backend::signed_out()] {
        let probe = Probe::new();
        let _page = read::<F>(&backend, probe, Value::Denial(Rc::new(|| Require::role("admin")))).await;
        assert_eq!(probe.shown(), "None");
    }
}

pub(crate) async fn a_claim_value_is_typed_and_notifies_only_when_it_changes<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let _page = read::<F>(&backend, probe, Value::Claims).await;
    assert_eq!(probe.shown(), r#"(Some("pro"), Some(["admin"]))"#);
    let before = probe.renders();
    probe.update(&backend, NEWER_ADMIN).await;
    assert_eq!(probe.renders(), before);
    probe.update(&backend, READER).await;
    assert_eq!(probe.shown(), r#"(None, Some(["reader"]))"#, "a number is not a String");
    backend.respond(Response::removed(200));
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(probe.shown(), "(None, None)");
}

pub(crate) async fn ready_waits_for_the_first_known_status<F: Framework>() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([held]));
    let _page = read::<F>(&backend, probe, Value::Status).await;
    let statuses = Rc::new(RefCell::new(Vec::new()));
    let session = probe.session();
    for _ in 0..2 {
        let (ready, statuses) = (session.ready(), statuses.clone());
        spawn_local(async move {
            let status = ready.await;
            statuses.borrow_mut().push(status);
        });
    }
    settle().await;
    assert!(statuses.borrow().is_empty());
    backend.release();
    settle().await;
    assert_eq!(*statuses.borrow(), [SessionStatus::Authenticated; 2]);
    assert_eq!(session.ready().await, SessionStatus::Authenticated, "a later call resolves at once");
}

pub(crate) async fn ready_after_the_provider_is_dropped_does_not_panic<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::new());
    let page = read::<F>(&backend, probe, Value::Status).await;
    let session = probe.session();
    spawn_ready(&*session);
    settle().await;
    drop(page);
    spawn_ready(&*session);
    settle().await;
}

pub(crate) async fn ready_resolves_when_the_backend_is_unreachable<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([Response::Down]));
    let _page = read::<F>(&backend, probe, Value::Status).await;
    assert_eq!(probe.session().ready().await, SessionStatus::Unreachable);
}

fn spawn_ready(session: &dyn SessionHandle) {
    let ready = session.ready();
    spawn_local(async move {
        ready.await;
    });
}
