//! Roles, claims and requirements change while the page is open.

use std::{cell::Cell, rc::Rc, time::Duration};

use supertokens_session::claims::{Require, email_verified};

use crate::{
    Backend, FALLBACK, Framework, NOW_MS, Probe, Response, Route, SECRET, Site, View, dispatch, document,
    open_guarded, path, settle,
};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"n":1}"#;
const NEWER_ADMIN: &str = r#"{"st-role":{"v":["admin","boss"],"t":2},"n":2}"#;
const READER: &str = r#"{"st-role":{"v":["reader"],"t":3}}"#;

pub(crate) async fn a_guard_follows_each_payload_at_once<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, || Require::role("admin")).await;
    assert_eq!(page.text().trim(), SECRET);
    probe.update(&backend, READER).await;
    assert_eq!(page.text().trim(), "denied for st-role");
    assert_eq!(probe.builds(), 1);
    probe.update(&backend, ADMIN).await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(probe.builds(), 2);
}

pub(crate) async fn the_denied_view_gets_the_reasons_of_the_last_decision<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let require = || Require::role("admin").and(Require::permission("orders:write"));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), "denied for st-role, st-perm");
    probe.update(&backend, ADMIN).await;
    assert_eq!(page.text().trim(), "denied for st-perm");
}

pub(crate) async fn typed_text_survives_refreshes_new_payloads_and_rechecks<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let _page = open_guarded::<F>("/guarded", backend.client(), probe, || Require::role("admin")).await;
    let input = || document().get_element_by_id("draft").unwrap();
    let before = input();
    js_sys::Reflect::set(&before, &"value".into(), &"half a sentence".into()).unwrap();
    backend.respond(Response::session("u1", ADMIN));
    probe.session().client().refresh().await.unwrap();
    settle().await;
    probe.update(&backend, NEWER_ADMIN).await;
    for _ in 0..10 {
        probe.session().recheck();
        dispatch("focus");
        settle().await;
    }
    assert_eq!(probe.builds(), 1);
    assert!(before.is_same_node(Some(&input())));
    let typed = js_sys::Reflect::get(&input(), &"value".into()).unwrap();
    assert_eq!(typed.as_string().as_deref(), Some("half a sentence"));
}

pub(crate) async fn a_guard_follows_a_changed_requirement_and_builds_nothing_if_it_is_still_fulfilled<
    F: Framework,
>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let role = Rc::new(Cell::new("admin"));
    let current = role.clone();
    let require = move || Require::role(current.get());
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), SECRET);
    role.set("admin");
    probe.render_again().await;
    assert_eq!(probe.builds(), 1);
    role.set("boss");
    probe.render_again().await;
    assert_eq!(page.text().trim(), "denied for st-role");
    role.set("admin");
    probe.render_again().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(probe.builds(), 2);
}

pub(crate) async fn the_claims_of_a_changed_requirement_are_fetched_before_the_view_is_shown<F: Framework>() {
    let stale = format!(r#"{{"st-ev":{{"v":true,"t":{}}}}}"#, NOW_MS - 301_000);
    let fresh = format!(r#"{{"st-ev":{{"v":true,"t":{NOW_MS}}}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &stale));
    let is_strict = Rc::new(Cell::new(false));
    let current = is_strict.clone();
    let require = move || match current.get() {
        true => Require::claim(email_verified().max_age(Duration::from_secs(300))),
        false => Require::session(),
    };
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.respond(Response::Held(Box::new(Response::session("u1", &fresh))));
    is_strict.set(true);
    probe.render_again().await;
    assert_eq!(page.text().trim(), FALLBACK);
    backend.release();
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(probe.builds(), 2);
}

pub(crate) async fn an_equal_requirement_that_is_created_again_fetches_no_claims_again<F: Framework>() {
    let verified = |age_ms: i64| format!(r#"{{"st-ev":{{"v":true,"t":{}}}}}"#, NOW_MS - age_ms);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &verified(301_000)));
    backend.respond(Response::session("u1", &verified(0)));
    let require = || Require::claim(email_verified().max_age(Duration::from_secs(300)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    for _ in 0..3 {
        probe.render_again().await;
    }
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    assert_eq!(backend.requests(), ["GET /auth/user/email/verify"]);
}

pub(crate) async fn a_claim_that_becomes_due_is_fetched_while_the_view_stays<F: Framework>() {
    let verified = |t: i64, n: u8| format!(r#"{{"st-ev":{{"v":true,"t":{t}}},"n":{n}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &verified(NOW_MS, 0)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, || {
        Require::claim(email_verified().max_age(Duration::from_secs(300)))
    })
    .await;
    backend.advance_ms(301_000);
    // The refresh comes first, since the access token has expired.
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(NOW_MS, 1)));
    probe.session().client().refresh().await.unwrap();
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(NOW_MS + 301_000, 2)));
    settle().await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh", "GET /auth/user/email/verify"]);
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(probe.builds(), 1);
    settle().await;
    assert_eq!(backend.requests().len(), 2, "the claim is fetched once");
}

pub(crate) async fn gates_follow_the_payload_and_build_only_what_changes<F: Framework>() {
    let (admin_gate, user_gate, session) = (Probe::new(), Probe::new(), Probe::new());
    let backend = Backend::signed_in_with("u1", ADMIN);
    let admin = View::Text("admin ").counted(admin_gate);
    let empty = View::Text("");
    let page = Site::new(backend.client(), session)
        .header(View::allowed(|| Require::role("admin"), admin, View::Text("no admin "), empty.clone()))
        .header(View::signed_in(View::Text("user ").counted(user_gate), empty.clone(), empty.clone()))
        .routes([Route::open("/", empty)])
        .open::<F>("/")
        .await;
    assert_eq!(page.text().trim(), "admin user");
    session.update(&backend, NEWER_ADMIN).await;
    assert_eq!((admin_gate.builds(), user_gate.builds()), (1, 1));
    session.update(&backend, READER).await;
    assert_eq!(page.text().trim(), "no admin user");
    session.update(&backend, ADMIN).await;
    assert_eq!(page.text().trim(), "admin user");
    assert_eq!((admin_gate.builds(), user_gate.builds()), (2, 1));
    assert_eq!(path(), "/");
}
