//! Roles, claims and requirements that change while the page is open.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionProvider, SignedIn, claims::email_verified, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, FALLBACK, NOW_MS, Page, SECRET, Seen, open_guarded, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"n":1}"#;
const ADMIN_ANEW: &str = r#"{"st-role":{"v":["admin","boss"],"t":2},"n":2}"#;
const READER: &str = r#"{"st-role":{"v":["reader"],"t":3}}"#;

async fn update(backend: &Backend, seen: Seen, payload: &str) {
    backend.next(Answer::session("u1", payload));
    seen.session().client().get("/anything").send().await.unwrap();
    settle().await;
}

#[wasm_bindgen_test]
async fn a_guard_follows_the_payload_at_once_and_back() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open_guarded("/guarded", backend.client(), seen, || Require::role("admin")).await;
    assert_eq!(page.text().trim(), SECRET);
    update(&backend, seen, READER).await;
    assert_eq!(page.text().trim(), "denied for st-role");
    assert_eq!(seen.builds(), 1);
    update(&backend, seen, ADMIN).await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(seen.builds(), 2);
}

#[wasm_bindgen_test]
async fn the_denied_view_gets_the_reasons_of_the_last_decision() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let require = || Require::role("admin").and(Require::permission("orders:write"));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!(page.text().trim(), "denied for st-role, st-perm");
    update(&backend, seen, ADMIN).await;
    assert_eq!(page.text().trim(), "denied for st-perm");
}

#[wasm_bindgen_test]
async fn what_is_typed_outlives_refreshes_new_payloads_and_ten_rechecks() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let _page = open_guarded("/guarded", backend.client(), seen, || Require::role("admin")).await;
    let input = || document().get_element_by_id("draft").unwrap();
    let before = input();
    js_sys::Reflect::set(&before, &"value".into(), &"half a sentence".into()).unwrap();
    backend.next(Answer::session("u1", ADMIN));
    seen.session().client().refresh().await.unwrap();
    settle().await;
    update(&backend, seen, ADMIN_ANEW).await;
    for _ in 0..10 {
        seen.session().recheck();
        window().dispatch_event(&web_sys::Event::new("focus").unwrap()).unwrap();
        settle().await;
    }
    assert_eq!(seen.builds(), 1);
    assert!(before.is_same_node(Some(&input())));
    let typed = js_sys::Reflect::get(&input(), &"value".into()).unwrap();
    assert_eq!(typed.as_string().as_deref(), Some("half a sentence"));
}

#[wasm_bindgen_test]
async fn a_requirement_that_changes_is_followed_and_one_that_stays_fulfilled_builds_nothing() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let owner = Owner::new();
    let role = owner.with(|| RwSignal::new("admin"));
    let page = open_guarded("/guarded", backend.client(), seen, move || Require::role(role.get())).await;
    assert_eq!(page.text().trim(), SECRET);
    role.set("admin");
    settle().await;
    assert_eq!(seen.builds(), 1);
    role.set("boss");
    settle().await;
    assert_eq!(page.text().trim(), "denied for st-role");
    role.set("admin");
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(seen.builds(), 2);
}

#[wasm_bindgen_test]
async fn a_requirement_that_changes_has_its_claims_fetched_before_it_lets_in() {
    let stale = format!(r#"{{"st-ev":{{"v":true,"t":{}}}}}"#, NOW_MS - 301_000);
    let fresh = format!(r#"{{"st-ev":{{"v":true,"t":{NOW_MS}}}}}"#);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &stale));
    let owner = Owner::new();
    let is_strict = owner.with(|| RwSignal::new(false));
    let require = move || match is_strict.get() {
        true => Require::claim(email_verified().max_age_s(300)),
        false => Require::session(),
    };
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.next(Answer::Held(Box::new(Answer::session("u1", &fresh))));
    is_strict.set(true);
    settle().await;
    assert_eq!(page.text().trim(), FALLBACK);
    backend.release();
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(seen.builds(), 2);
}

#[wasm_bindgen_test]
async fn a_claim_that_falls_due_is_fetched_behind_the_view() {
    let verified = |t: i64, n: u8| format!(r#"{{"st-ev":{{"v":true,"t":{t}}},"n":{n}}}"#);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &verified(NOW_MS, 0)));
    let page =
        open_guarded("/guarded", backend.client(), seen, || Require::claim(email_verified().max_age_s(300)))
            .await;
    backend.pass(301_000);
    // The session's own refresh comes first, since its token has expired by now.
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(NOW_MS, 1)));
    seen.session().client().refresh().await.unwrap();
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(NOW_MS + 301_000, 2)));
    settle().await;
    assert_eq!(backend.calls(), ["POST /auth/session/refresh", "GET /auth/user/email/verify"]);
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(seen.builds(), 1);
    settle().await;
    assert_eq!(backend.calls().len(), 2, "and once");
}

#[wasm_bindgen_test]
async fn gates_show_and_hide_and_nothing_else_is_built() {
    let (admins, everybody, session) = (Seen::new(), Seen::new(), Seen::new());
    let backend = Backend::signed_in_with("u1", ADMIN);
    let client = backend.client();
    let page = Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                {session.session.set_value(Some(use_session()))}
                <SignedIn require=Require::role("admin") fallback=|| "no admin ">
                    {admins.built()} "admin "
                </SignedIn>
                <SignedIn>{everybody.built()} "somebody "</SignedIn>
            </SessionProvider>
        }
    })
    .await;
    assert_eq!(page.text().trim(), "admin somebody");
    update(&backend, session, ADMIN_ANEW).await;
    assert_eq!((admins.builds(), everybody.builds()), (1, 1));
    update(&backend, session, READER).await;
    assert_eq!(page.text().trim(), "no admin somebody");
    update(&backend, session, ADMIN).await;
    assert_eq!(page.text().trim(), "admin somebody");
    assert_eq!((admins.builds(), everybody.builds()), (2, 1));
    assert_eq!(path(), "/");
}
