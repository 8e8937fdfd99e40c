//! `Session::allows`, `Session::denied`, `use_claim_value` and `Session::ready`.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{ProtectedRoute as LeptosProtectedRoute, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    Denied, Require, Session, SessionProvider, SessionStatus,
    claims::{PrimitiveClaim, roles},
    use_claim_value, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, NOW_MS, Page, Probe, Response, SECRET, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"plan":{"v":"pro","t":1}}"#;
const NEWER_ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":2},"plan":{"v":"pro","t":2},"n":2}"#;
const READER: &str = r#"{"st-role":{"v":["reader"],"t":3},"plan":{"v":7,"t":3}}"#;

/// Opens a page that shows the value of a signal, and counts its changes.
async fn show_signal<T: std::fmt::Debug + Clone + Send + Sync + 'static>(
    backend: &Backend,
    probe: Probe,
    signal: impl FnOnce(Session) -> Signal<T> + Send + 'static,
) -> Page {
    let client = backend.client();
    Page::open("/", move || {
        let show = move || {
            let value = signal(use_session());
            move || {
                probe.built();
                format!("{:?}", value.get())
            }
        };
        view! {
            <SessionProvider config=client>
                {probe.session.set_value(Some(use_session()))}
                {show()}
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn allows_is_none_until_the_session_is_known_and_false_without_access() {
    let admin = |session: Session| session.allows(Require::role("admin"));
    for (backend, shown) in [
        (Backend::new(), "None"),
        (Backend::expired("u1").with_responses([Response::Down]), "None"),
        (Backend::signed_out(), "Some(false)"),
        (Backend::signed_in("u1"), "Some(false)"),
        (Backend::signed_in_with("u1", ADMIN), "Some(true)"),
    ] {
        assert_eq!(show_signal(&backend, Probe::new(), admin).await.text().trim(), shown);
    }
}

#[wasm_bindgen_test]
async fn allows_notifies_only_when_its_value_changes() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = show_signal(&backend, probe, |session| session.allows(Require::role("admin"))).await;
    let before = probe.builds();
    probe.update(&backend, NEWER_ADMIN).await;
    assert_eq!(probe.builds(), before);
    probe.update(&backend, READER).await;
    assert_eq!(page.text().trim(), "Some(false)");
    assert_eq!(probe.builds(), before + 1);
}

#[wasm_bindgen_test]
async fn a_claims_age_is_checked_once_and_not_as_time_passes() {
    let payload = |n: u8| format!(r#"{{"st-role":{{"v":["admin"],"t":{NOW_MS}}},"n":{n}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &payload(1)));
    let admin = || Require::claim(roles().includes("admin".to_owned()).max_age(Duration::from_secs(30)));
    let page = show_signal(&backend, probe, move |session| session.allows(admin)).await;
    backend.advance_ms(31_000);
    probe.update(&backend, &payload(2)).await;
    assert_eq!(page.text().trim(), "Some(true)");
    let page = show_signal(&backend, probe, move |session| session.allows(admin)).await;
    assert_eq!(page.text().trim(), "Some(false)");
}

#[wasm_bindgen_test]
async fn denied_gives_the_reasons_and_follows_the_requirement() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", READER));
    let owner = Owner::new();
    let role = owner.with(|| RwSignal::new("admin"));
    let page = show_signal(&backend, probe, move |session| {
        let denied: Signal<Option<Denied>> = session.denied(move || Require::role(role.get()));
        Signal::derive(move || {
            denied.get().map(|denied| denied.reasons[0].reason()["expectedToInclude"].clone())
        })
    })
    .await;
    assert_eq!(page.text().trim(), r#"Some(String("admin"))"#);
    role.set("reader");
    settle().await;
    assert_eq!(page.text().trim(), "None");
    for backend in [Backend::new(), Backend::signed_out()] {
        let page =
            show_signal(&backend, Probe::new(), |session| session.denied(Require::role("admin"))).await;
        assert_eq!(page.text().trim(), "None");
    }
}

#[wasm_bindgen_test]
async fn leptos_routers_own_guard_takes_allows_as_its_condition() {
    for (backend, shown, at) in [
        (Backend::new(), "one moment", "/guarded"),
        (Backend::signed_in("u1"), "access denied", "/denied"),
        (Backend::signed_in_with("u1", ADMIN), SECRET, "/guarded"),
    ] {
        let client = backend.client();
        let page = Page::open("/guarded", move || {
            let pages = || {
                let allows = use_session().allows(Require::role("admin"));
                view! {
                    <Router>
                        <Routes fallback=|| "not found">
                            <Route path=path!("/denied") view=|| "access denied"/>
                            <LeptosProtectedRoute
                                path=path!("/guarded")
                                view=|| SECRET
                                condition=move || allows.get()
                                redirect_path=|| "/denied"
                                fallback=|| "one moment"
                            />
                        </Routes>
                    </Router>
                }
            };
            view! { <SessionProvider config=client>{pages()}</SessionProvider> }
        })
        .await;
        assert_eq!((page.text().trim(), path().as_str()), (shown, at));
    }
}

#[wasm_bindgen_test]
async fn a_claim_value_is_typed_and_notifies_only_when_it_changes() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = show_signal(&backend, probe, |_| {
        let plan: Signal<Option<String>> = use_claim_value(PrimitiveClaim::<String>::new("plan"));
        let roles: Signal<Option<Vec<String>>> = use_claim_value(roles());
        Signal::derive(move || (plan.get(), roles.get()))
    })
    .await;
    assert_eq!(page.text().trim(), r#"(Some("pro"), Some(["admin"]))"#);
    let before = probe.builds();
    probe.update(&backend, NEWER_ADMIN).await;
    assert_eq!(probe.builds(), before);
    probe.update(&backend, READER).await;
    assert_eq!(page.text().trim(), r#"(None, Some(["reader"]))"#, "a number is not a String");
    backend.respond(Response::removed(200));
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "(None, None)");
}

#[wasm_bindgen_test]
async fn ready_waits_for_the_first_known_status() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([held]));
    let _page = show_signal(&backend, probe, |session| session.status()).await;
    let owner = Owner::new();
    let statuses = owner.with(|| StoredValue::new(Vec::new()));
    let session = probe.session();
    for _ in 0..2 {
        spawn_local(async move {
            let status = session.ready().await;
            statuses.update_value(|statuses| statuses.push(status));
        });
    }
    settle().await;
    assert!(statuses.get_value().is_empty());
    backend.release();
    settle().await;
    assert_eq!(statuses.get_value(), [SessionStatus::Authenticated; 2]);
    assert_eq!(session.ready().await, SessionStatus::Authenticated, "a later call resolves at once");
}

#[wasm_bindgen_test]
async fn ready_after_the_provider_is_dropped_does_not_panic() {
    let (probe, backend) = (Probe::new(), Backend::new());
    let page = show_signal(&backend, probe, |session| session.status()).await;
    let session = probe.session();
    spawn_local(async move {
        session.ready().await;
    });
    settle().await;
    drop(page);
    spawn_local(async move {
        session.ready().await;
    });
    settle().await;
}

#[wasm_bindgen_test]
async fn ready_resolves_when_the_backend_is_unreachable() {
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([Response::Down]));
    let _page = show_signal(&backend, probe, |session| session.status()).await;
    assert_eq!(probe.session().ready().await, SessionStatus::Unreachable);
}
