//! A guarded view must not flash: it is not in the page, not even for one mutation, before the guard decides to show
//! it.

use std::time::Duration;

use supertokens_session::claims::{BooleanClaim, Require, email_verified, roles};

use crate::{
    Backend, FALLBACK, Framework, NOW_MS, Page, Probe, Response, SECRET, open_guarded, path, settle,
};

struct Case {
    page: Page,
    probe: Probe,
}

async fn load<F: Framework>(backend: &Backend, require: impl Fn() -> Require + 'static) -> Case {
    let probe = Probe::new();
    let page = open_guarded::<F>("/guarded?a=1", backend.client(), probe, require).await;
    Case { page, probe }
}

impl Case {
    fn assert_hidden(&self, shown: &str) {
        assert!(!self.page.ever_showed(SECRET));
        assert_eq!(self.probe.builds(), 0);
        assert_eq!(self.page.text().trim(), shown);
    }

    fn assert_shown(&self) {
        assert!(self.page.ever_showed(SECRET), "the recorder finds the text");
        assert_eq!(self.probe.builds(), 1);
        assert!(self.page.text().contains(SECRET));
    }
}

fn verified(is_verified: bool, age_ms: i64) -> String {
    format!(r#"{{"st-ev":{{"v":{is_verified},"t":{}}}}}"#, NOW_MS - age_ms)
}

pub(crate) async fn the_view_is_hidden_while_the_session_is_loading<F: Framework>() {
    load::<F>(&Backend::new(), Require::session).await.assert_hidden(FALLBACK);
}

pub(crate) async fn the_view_is_shown_after_a_user_is_signed_in<F: Framework>() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let backend = Backend::expired("u1").with_responses([held]);
    let case = load::<F>(&backend, Require::session).await;
    case.assert_hidden(FALLBACK);
    backend.release();
    settle().await;
    case.assert_shown();
    load::<F>(&Backend::signed_in("u1"), Require::session).await.assert_shown();
}

pub(crate) async fn the_view_is_hidden_without_a_session<F: Framework>() {
    let case = load::<F>(&Backend::signed_out(), Require::session).await;
    case.assert_hidden("login page");
    drop(case);
    let backend = Backend::expired("u1").with_responses([Response::removed(401)]);
    load::<F>(&backend, Require::session).await.assert_hidden("login page");
}

pub(crate) async fn the_view_is_hidden_while_the_backend_is_unreachable<F: Framework>() {
    let case = load::<F>(&Backend::expired("u1").with_responses([Response::Down]), Require::session).await;
    assert!(case.page.text().contains("is not responding"), "{}", case.page.text());
    case.assert_hidden(case.page.text().trim());
}

pub(crate) async fn the_view_is_hidden_without_the_role<F: Framework>() {
    let payload = r#"{"st-role":{"v":["reader"],"t":1}}"#;
    let case = load::<F>(&Backend::signed_in_with("u1", payload), || Require::role("admin")).await;
    case.assert_hidden("denied for st-role");
}

pub(crate) async fn the_view_is_hidden_during_a_step_up_redirect<F: Framework>() {
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/verify"));
    let case = load::<F>(&Backend::signed_in("u1"), adult).await;
    case.assert_hidden("step-up page");
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded%3Fa%3D1");
    assert!(!case.page.ever_showed("denied"));
}

pub(crate) async fn the_view_is_hidden_if_a_condition_fails<F: Framework>() {
    let pro = || Require::when(|payload| payload["plan"] == "pro");
    load::<F>(&Backend::signed_in("u1"), pro).await.assert_hidden("denied for when");
}

pub(crate) async fn the_view_is_shown_after_a_due_claim_is_valid<F: Framework>() {
    let fresh = Response::Held(Box::new(Response::session("u1", &verified(true, 0))));
    for before in [verified(true, 301_000), verified(false, 11_000), "{}".to_owned()] {
        let backend = Backend::signed_in_with("u1", &before).with_responses([fresh.clone()]);
        let case =
            load::<F>(&backend, || Require::claim(email_verified().max_age(Duration::from_secs(300)))).await;
        case.assert_hidden(FALLBACK);
        backend.release();
        settle().await;
        case.assert_shown();
        assert!(!case.page.ever_showed("denied"), "{before}");
        assert_eq!(backend.requests(), ["GET /auth/user/email/verify"], "{before}");
    }
}

pub(crate) async fn the_view_is_hidden_if_a_due_claim_is_invalid<F: Framework>() {
    let fresh = Response::Held(Box::new(Response::session("u1", &verified(false, 0))));
    let backend = Backend::signed_in_with("u1", &verified(true, 301_000)).with_responses([fresh]);
    let case =
        load::<F>(&backend, || Require::claim(email_verified().max_age(Duration::from_secs(300)))).await;
    case.assert_hidden(FALLBACK);
    backend.release();
    settle().await;
    case.assert_hidden("denied for st-ev");
    assert_eq!(backend.requests(), ["GET /auth/user/email/verify"]);
}

pub(crate) async fn a_claims_age_is_counted_by_the_servers_clock<F: Framework>() {
    // The claim was fetched a minute ago by the server's clock, which is ten minutes ahead of the device's.
    let payload = format!(r#"{{"st-role":{{"v":["admin"],"t":{}}}}}"#, NOW_MS + 600_000 - 60_000);
    let admin = |seconds| {
        move || Require::claim(roles().includes("admin".to_owned()).max_age(Duration::from_secs(seconds)))
    };
    let backend = Backend::signed_in_ahead_by(600_000, "u1", &payload);
    load::<F>(&backend, admin(61)).await.assert_shown();
    load::<F>(&backend, admin(59)).await.assert_hidden("denied for st-role");
}
