//! Signals notify only when their value changes.

use leptos::prelude::*;
use supertokens_leptos::{Session, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Response, settle};

#[derive(Clone, PartialEq, serde::Deserialize)]
struct Profile {
    plan: String,
}

/// Counts how often each signal runs its reader.
#[derive(Clone, Copy)]
struct Runs {
    user: StoredValue<u32>,
    plan: StoredValue<u32>,
    expiry: StoredValue<u32>,
    error: StoredValue<u32>,
}

#[component]
fn Counter(runs: Runs, session_out: StoredValue<Option<Session>>) -> impl IntoView {
    let session = use_session();
    session_out.set_value(Some(session));
    let count = |value: StoredValue<u32>| value.update_value(|n| *n += 1);
    let profile = session.payload::<Profile>();
    Effect::new(move |_| {
        session.user_id().track();
        count(runs.user);
    });
    Effect::new(move |_| {
        profile.track();
        count(runs.plan);
    });
    Effect::new(move |_| {
        session.expires_at().track();
        count(runs.expiry);
    });
    Effect::new(move |_| {
        session.error().track();
        count(runs.error);
    });
    view! {
        <p id="plan">{move || profile.get().map(|p| p.plan)}</p>
        <p id="raw">{move || session.raw_payload().get().map(|p| p.to_string())}</p>
        <p id="fits">{move || session.try_payload::<Profile>().get().map(|p| p.is_ok().to_string())}</p>
    }
}

async fn counter(backend: &Backend) -> (Page, Runs, Session) {
    let owner = Owner::new();
    owner.set();
    let zero = || StoredValue::new(0);
    let runs = Runs { user: zero(), plan: zero(), expiry: zero(), error: zero() };
    let session_out = StoredValue::new(None);
    let client = backend.client();
    let page = Page::open("/", move || {
        view! { <SessionProvider config=client><Counter runs session_out/></SessionProvider> }
    })
    .await;
    std::mem::forget(owner);
    (page, runs, session_out.get_value().unwrap())
}

#[wasm_bindgen_test]
async fn a_refresh_without_changes_runs_no_reader() {
    let backend = Backend::signed_in("u1")
        .with_responses([Response::session("u1", "{}"), Response::session("u1", "{}")]);
    let (_page, runs, session) = counter(&backend).await;
    let before = (runs.user.get_value(), runs.plan.get_value(), runs.expiry.get_value());
    for _ in 0..2 {
        assert_eq!(session.client().refresh().await, Ok(true));
        settle().await;
    }
    assert_eq!((runs.user.get_value(), runs.plan.get_value(), runs.expiry.get_value()), before);
}

#[wasm_bindgen_test]
async fn a_changed_payload_runs_only_its_readers() {
    let backend = Backend::signed_in("u1").with_responses([Response::session("u1", r#"{"plan":"pro"}"#)]);
    let (page, runs, session) = counter(&backend).await;
    let (user, plan) = (runs.user.get_value(), runs.plan.get_value());
    session.client().get("/anything").send().await.unwrap();
    settle().await;
    assert!(page.text().contains("pro"), "{}", page.text());
    assert!(page.text().contains(r#"{"plan":"pro"}"#), "{}", page.text());
    assert_eq!(runs.plan.get_value(), plan + 1);
    assert_eq!(runs.user.get_value(), user);
}

#[wasm_bindgen_test]
async fn a_payload_that_does_not_deserialize_differs_from_no_payload() {
    let backend = Backend::signed_in("u1");
    let (page, ..) = counter(&backend).await;
    assert!(page.text().contains("false"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn each_error_notifies_even_if_it_equals_the_last() {
    let backend = Backend::expired("u1").with_responses([Response::Down, Response::Down]);
    let (_page, runs, session) = counter(&backend).await;
    let (before, error) = (runs.error.get_value(), session.error().get_untracked());
    session.recheck();
    settle().await;
    assert_eq!(session.error().get_untracked(), error);
    assert_eq!(runs.error.get_value(), before + 1);
}
