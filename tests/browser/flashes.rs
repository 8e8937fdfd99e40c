//! A guarded text is not in the page for one mutation before it may be, from the load to the decision.

use supertokens_leptos::{
    Require,
    claims::{BooleanClaim, email_verified, roles},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, FALLBACK, NOW_MS, Page, SECRET, Seen, open_guarded, path, settle};

struct Case {
    page: Page,
    seen: Seen,
}

async fn load(backend: &Backend, require: impl Fn() -> Require + Send + Sync + Clone + 'static) -> Case {
    let seen = Seen::new();
    let page = open_guarded("/guarded?a=1", backend.client(), seen, require).await;
    Case { page, seen }
}

impl Case {
    fn is_kept_out(&self, shown: &str) {
        assert!(!self.page.saw(SECRET));
        assert_eq!(self.seen.builds(), 0);
        assert_eq!(self.page.text().trim(), shown);
    }

    fn is_let_in(&self) {
        assert!(self.page.saw(SECRET), "the recorder sees what is there");
        assert_eq!(self.seen.builds(), 1);
        assert!(self.page.text().contains(SECRET));
    }
}

fn verified(is_verified: bool, age_ms: i64) -> String {
    format!(r#"{{"st-ev":{{"v":{is_verified},"t":{}}}}}"#, NOW_MS - age_ms)
}

#[wasm_bindgen_test]
async fn nothing_while_it_is_being_found_out() {
    load(&Backend::new(), Require::session).await.is_kept_out(FALLBACK);
}

#[wasm_bindgen_test]
async fn the_view_once_somebody_is_signed_in() {
    let late = Answer::Held(Box::new(Answer::session("u1", "{}")));
    let backend = Backend::expired("u1").answers([late]);
    let case = load(&backend, Require::session).await;
    case.is_kept_out(FALLBACK);
    backend.release();
    settle().await;
    case.is_let_in();
    load(&Backend::signed_in("u1"), Require::session).await.is_let_in();
}

#[wasm_bindgen_test]
async fn nothing_without_a_session() {
    let case = load(&Backend::signed_out(), Require::session).await;
    case.is_kept_out("login page");
    drop(case);
    let backend = Backend::expired("u1").answers([Answer::removed(401)]);
    load(&backend, Require::session).await.is_kept_out("login page");
}

#[wasm_bindgen_test]
async fn nothing_while_the_backend_does_not_answer() {
    let case = load(&Backend::expired("u1").answers([Answer::Down]), Require::session).await;
    assert!(case.page.text().contains("is not responding"), "{}", case.page.text());
    case.is_kept_out(case.page.text().trim());
}

#[wasm_bindgen_test]
async fn nothing_without_the_role() {
    let payload = r#"{"st-role":{"v":["reader"],"t":1}}"#;
    let case = load(&Backend::signed_in_with("u1", payload), || Require::role("admin")).await;
    case.is_kept_out("denied for st-role");
}

#[wasm_bindgen_test]
async fn nothing_on_the_way_to_the_page_that_a_claim_names() {
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/verify"));
    let case = load(&Backend::signed_in("u1"), adult).await;
    case.is_kept_out("step-up page");
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded%3Fa%3D1");
    assert!(!case.page.saw("denied"));
}

#[wasm_bindgen_test]
async fn nothing_when_a_condition_does_not_hold() {
    let pro = || Require::when(|payload| payload["plan"] == "pro");
    load(&Backend::signed_in("u1"), pro).await.is_kept_out("denied for when");
}

#[wasm_bindgen_test]
async fn the_view_once_a_due_claim_has_turned_out_valid() {
    let fresh = Answer::Held(Box::new(Answer::session("u1", &verified(true, 0))));
    for before in [verified(true, 301_000), verified(false, 11_000), "{}".to_owned()] {
        let backend = Backend::signed_in_with("u1", &before).answers([fresh.clone()]);
        let case = load(&backend, || Require::claim(email_verified().max_age_s(300))).await;
        case.is_kept_out(FALLBACK);
        backend.release();
        settle().await;
        case.is_let_in();
        assert!(!case.page.saw("denied"), "{before}");
        assert_eq!(backend.calls(), ["GET /auth/user/email/verify"], "{before}");
    }
}

#[wasm_bindgen_test]
async fn nothing_when_a_due_claim_has_turned_out_invalid() {
    let fresh = Answer::Held(Box::new(Answer::session("u1", &verified(false, 0))));
    let backend = Backend::signed_in_with("u1", &verified(true, 301_000)).answers([fresh]);
    let case = load(&backend, || Require::claim(email_verified().max_age_s(300))).await;
    case.is_kept_out(FALLBACK);
    backend.release();
    settle().await;
    case.is_kept_out("denied for st-ev");
    assert_eq!(backend.calls(), ["GET /auth/user/email/verify"]);
}

#[wasm_bindgen_test]
async fn a_claim_is_judged_by_the_servers_clock() {
    // Fetched a minute ago by the server's clock, which is ten minutes ahead of the device's.
    let payload = format!(r#"{{"st-role":{{"v":["admin"],"t":{}}}}}"#, NOW_MS + 600_000 - 60_000);
    let admin = |seconds| move || Require::claim(roles().includes("admin".to_owned()).max_age_s(seconds));
    let backend = Backend::signed_in_ahead_by(600_000, "u1", &payload);
    load(&backend, admin(61)).await.is_let_in();
    load(&backend, admin(59)).await.is_kept_out("denied for st-role");
}
