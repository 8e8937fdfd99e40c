//! Signals notify only when their value changes.

use std::rc::Rc;

use supertokens_session::claims::Require;

use crate::{Backend, Framework, Page, Probe, Response, Route, SessionHandle, Site, Value, View, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"plan":"pro"}"#;

/// Counts how often each value runs its reader.
struct Runs {
    user: Probe,
    plan: Probe,
    expiry: Probe,
    error: Probe,
}

async fn counter<F: Framework>(backend: &Backend) -> (Page, Runs, Rc<dyn SessionHandle>) {
    let probe = Probe::new();
    let runs = Runs { user: Probe::new(), plan: Probe::new(), expiry: Probe::new(), error: Probe::new() };
    let page = Site::new(backend.client(), probe)
        .header(View::Read(runs.user, Value::User))
        .header(View::Read(runs.plan, Value::Profile))
        .header(View::Read(runs.expiry, Value::ExpiresAt))
        .header(View::Read(runs.error, Value::Error))
        .header(View::Payload)
        .routes([Route::open("/", View::Text(""))])
        .open::<F>("/")
        .await;
    (page, runs, probe.session())
}

pub(crate) async fn a_refresh_without_changes_runs_no_reader<F: Framework>() {
    let backend = Backend::signed_in("u1")
        .with_responses([Response::session("u1", "{}"), Response::session("u1", "{}")]);
    let (_page, runs, session) = counter::<F>(&backend).await;
    let before = (runs.user.renders(), runs.plan.renders(), runs.expiry.renders());
    for _ in 0..2 {
        assert_eq!(session.client().refresh().await, Ok(true));
        settle().await;
    }
    assert_eq!((runs.user.renders(), runs.plan.renders(), runs.expiry.renders()), before);
}

pub(crate) async fn a_changed_payload_runs_only_its_readers<F: Framework>() {
    let backend = Backend::signed_in("u1").with_responses([Response::session("u1", r#"{"plan":"pro"}"#)]);
    let (page, runs, session) = counter::<F>(&backend).await;
    let (user, plan) = (runs.user.renders(), runs.plan.renders());
    session.client().get("/anything").send().await.unwrap();
    settle().await;
    assert!(page.text().contains("pro"), "{}", page.text());
    assert!(page.text().contains(r#"{"plan":"pro"}"#), "{}", page.text());
    assert_eq!(runs.plan.renders(), plan + 1);
    assert_eq!(runs.user.renders(), user);
}

pub(crate) async fn a_payload_that_does_not_deserialize_differs_from_no_payload<F: Framework>() {
    let backend = Backend::signed_in("u1");
    let (page, ..) = counter::<F>(&backend).await;
    assert!(page.text().contains("false"), "{}", page.text());
}

pub(crate) async fn each_error_notifies_even_if_it_equals_the_last<F: Framework>() {
    let backend = Backend::expired("u1").with_responses([Response::Down, Response::Down]);
    let (_page, runs, session) = counter::<F>(&backend).await;
    let (before, error) = (runs.error.renders(), runs.error.shown());
    session.recheck();
    settle().await;
    assert_eq!(runs.error.shown(), error);
    assert_eq!(runs.error.renders(), before + 1);
}

/// The components, effects and views that read no value, or an unchanged one, stay as they are.
pub(crate) async fn a_refresh_that_changes_nothing_renders_nothing<F: Framework>() {
    let (probe, view, gate) = (Probe::new(), Probe::new(), Probe::new());
    let values = [
        Value::Status,
        Value::User,
        Value::ExpiresAt,
        Value::Error,
        Value::Profile,
        Value::Allows(Rc::new(|| Require::role("admin"))),
        Value::Denial(Rc::new(|| Require::role("boss"))),
        Value::Claims,
    ];
    let reads = values.map(|value| (Probe::new(), value));
    let backend = Backend::signed_in_with("u1", ADMIN);
    let mut site = Site::new(backend.client(), probe).header(View::signed_in(
        View::Text("in").counted(gate),
        View::Text(""),
        View::Text(""),
    ));
    for (probe, value) in &reads {
        site = site.header(View::Read(*probe, value.clone()));
    }
    let guarded = Route::guarded("/guarded", View::Secret.counted(view)).require(|| Require::role("admin"));
    let _page = site.routes([guarded]).open::<F>("/guarded").await;
    let renders = || {
        let reads = reads.iter().map(|(probe, _)| probe.renders());
        reads.chain([probe, view, gate].map(|probe| probe.renders())).collect::<Vec<_>>()
    };
    let before = renders();
    for _ in 0..3 {
        backend.respond(Response::session("u1", ADMIN));
        assert_eq!(probe.session().client().refresh().await, Ok(true));
        settle().await;
        probe.session().recheck();
        settle().await;
        assert_eq!(renders(), before);
    }
    assert_eq!(view.builds(), 1);
}

/// A component that only has the session's handle is not rendered by a change of the session.
pub(crate) async fn the_handle_of_the_session_renders_nothing<F: Framework>() {
    let (probe, user) = (Probe::new(), Probe::new());
    let backend = Backend::signed_in("u1");
    let _page = Site::new(backend.client(), probe)
        .header(View::Read(user, Value::User))
        .routes([Route::open("/", View::Text(""))])
        .open::<F>("/")
        .await;
    let before = probe.renders();
    probe.sign_in(&backend, "u2", ADMIN).await;
    assert_eq!((user.shown().as_str(), probe.renders()), (r#"Some("u2")"#, before));
}
