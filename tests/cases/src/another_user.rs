//! When another user signs in over the first, the page shows no data of the first user.

use std::time::Duration;

use supertokens_session::claims::{Require, email_verified};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    Backend, FALLBACK, Framework, NOW_MS, Page, Probe, Response, Route, SECRET, Site, View, dispatch,
    document, open_guarded, settle,
};

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe, inner: Probe) -> Page {
    // Children and fallback have different elements, since Yew would reuse equal ones.
    let gate = || View::User.counted(inner);
    let reader = || Require::role("reader");
    let denied = View::All(vec![View::Text("denied "), View::User]);
    let parent = View::All(vec![View::User.counted(probe), View::Outlet]);
    let child = View::All(vec![View::Text("child: "), View::User.counted(inner)]);
    Site::new(backend.client(), probe)
        .header(View::allowed(reader, View::Context(Box::new(gate())), gate(), View::Text("")))
        .routes([
            Route::open("/login", View::Text("login page")),
            Route::guarded("/guarded", View::User.counted(probe)),
            Route::guarded("/admin", View::Text(SECRET)).require(|| Require::role("admin")).denied(denied),
            Route::guarded("/parent", parent).children([Route::guarded("child", child)]),
        ])
        .open::<F>(at)
        .await
}

/// Sends a request of the first user, which gets this response.
async fn receive(backend: &Backend, probe: Probe, response: Response) {
    backend.respond(response);
    probe.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
}

fn type_into_all(text: &str) {
    let inputs = document().query_selector_all(".draft").unwrap();
    for at in 0..inputs.length() {
        inputs.item(at).unwrap().unchecked_into::<HtmlInputElement>().set_value(text);
    }
}

fn typed() -> String {
    let inputs = document().query_selector_all(".draft").unwrap();
    let value = |at| inputs.item(at).unwrap().unchecked_into::<HtmlInputElement>().value();
    (0..inputs.length()).map(value).collect()
}

pub(crate) async fn another_user_gets_new_guarded_views_and_gates<F: Framework>() {
    let (probe, gate, backend) = (Probe::new(), Probe::new(), Backend::signed_in("ann"));
    let page = open::<F>("/guarded", &backend, probe, gate).await;
    type_into_all("a private note");
    receive(&backend, probe, Response::session("bob", "{}")).await;
    assert!(page.text().contains("page of bob") && !page.text().contains("ann"), "{}", page.text());
    assert_eq!(typed(), "", "the typed text is removed");
    assert_eq!((probe.builds(), probe.removals()), (2, 1));
    assert_eq!((gate.builds(), gate.removals()), (2, 1), "the gate's fallback is rebuilt too");
    let reader = r#"{"st-role":{"v":["reader"],"t":1}}"#;
    receive(&backend, probe, Response::session("bob", reader)).await;
    assert_eq!((probe.builds(), gate.builds()), (2, 3), "the gate shows its children");
    receive(&backend, probe, Response::session("cid", reader)).await;
    assert_eq!(page.text().matches("page of cid").count(), 2, "{}", page.text());
    assert_eq!((probe.builds(), gate.builds(), gate.removals()), (3, 4, 3));
}

pub(crate) async fn another_user_from_another_tab_gets_new_views<F: Framework>() {
    let (probe, gate, backend) = (Probe::new(), Probe::new(), Backend::signed_in("ann"));
    let page = open::<F>("/guarded", &backend, probe, gate).await;
    type_into_all("a private note");
    backend.replace_store(&Backend::signed_in("bob"));
    dispatch("focus");
    settle().await;
    assert!(page.text().contains("page of bob") && !page.text().contains("ann"), "{}", page.text());
    assert_eq!((typed().as_str(), probe.builds()), ("", 2));
}

pub(crate) async fn another_user_gets_a_new_parent_route_and_child_routes<F: Framework>() {
    let (probe, inner, backend) = (Probe::new(), Probe::new(), Backend::signed_in("ann"));
    let page = open::<F>("/parent/child", &backend, probe, inner).await;
    assert_eq!(page.text().matches("page of ann").count(), 3, "{}", page.text());
    receive(&backend, probe, Response::session("bob", "{}")).await;
    assert_eq!(page.text().matches("page of bob").count(), 3, "{}", page.text());
    assert!(!page.text().contains("ann"), "{}", page.text());
    assert_eq!((probe.builds(), probe.removals()), (2, 1));
    receive(&backend, probe, Response::session("bob", r#"{"plan":"pro"}"#)).await;
    assert_eq!(probe.builds(), 2);
}

pub(crate) async fn another_user_gets_a_new_denied_view<F: Framework>() {
    let (probe, gate, backend) = (Probe::new(), Probe::new(), Backend::signed_in("ann"));
    let page = open::<F>("/admin", &backend, probe, gate).await;
    assert!(page.text().contains("denied"), "{}", page.text());
    assert_eq!(page.text().matches("page of ann").count(), 2, "{}", page.text());
    receive(&backend, probe, Response::session("bob", "{}")).await;
    assert!(page.text().contains("denied"), "{}", page.text());
    assert_eq!(page.text().matches("page of bob").count(), 2, "{}", page.text());
}

/// Account linking changes the user's id during a session.
pub(crate) async fn a_refresh_rebuilds_views_only_when_the_user_changes<F: Framework>() {
    let session = r#"{"sessionHandle":"h1"}"#;
    let (probe, gate, backend) = (Probe::new(), Probe::new(), Backend::signed_in_with("ann", session));
    let page = open::<F>("/guarded", &backend, probe, gate).await;
    type_into_all("half a sentence");
    for payload in [session, r#"{"sessionHandle":"h1","plan":"pro"}"#, r#"{"sessionHandle":"h2"}"#] {
        backend.respond(Response::session_until(NOW_MS + 90_000, "ann", payload));
        assert_eq!(probe.session().client().refresh().await, Ok(true));
        settle().await;
        assert_eq!((probe.builds(), gate.builds()), (1, 1), "{payload}");
    }
    assert_eq!(typed(), "half a sentence".repeat(2));
    backend.respond(Response::session("ann-linked", r#"{"sessionHandle":"h2"}"#));
    assert_eq!(probe.session().client().refresh().await, Ok(true));
    settle().await;
    assert!(page.text().contains("page of ann-linked"), "{}", page.text());
    assert_eq!((probe.builds(), typed().as_str()), (2, ""));
}

pub(crate) async fn the_claims_of_another_user_are_fetched_before_the_view_is_shown<F: Framework>() {
    let verified = |t: i64| format!(r#"{{"st-ev":{{"v":true,"t":{t}}}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("ann", &verified(NOW_MS)));
    let require = || Require::claim(email_verified().max_age(Duration::from_secs(300)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    backend.respond(Response::session("bob", &verified(NOW_MS - 301_000)));
    backend.respond(Response::Held(Box::new(Response::session("bob", &verified(NOW_MS)))));
    probe.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!((page.text().trim(), probe.builds()), (FALLBACK, 1));
    backend.release();
    settle().await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 2));
}
