//! `allows` and `denied`, `use_claim_value` and `ready`.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{ProtectedRoute as RoutersOwn, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    Denied, Require, Session, SessionProvider, SessionStatus,
    claims::{PrimitiveClaim, roles},
    use_claim_value, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, NOW_MS, Page, SECRET, Seen, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1},"plan":{"v":"pro","t":1}}"#;
const ADMIN_ANEW: &str = r#"{"st-role":{"v":["admin"],"t":2},"plan":{"v":"pro","t":2},"n":2}"#;
const READER: &str = r#"{"st-role":{"v":["reader"],"t":3},"plan":{"v":7,"t":3}}"#;

/// A page that shows what `watch` gives, and counts how often it did.
async fn watch<T: std::fmt::Debug + Clone + Send + Sync + 'static>(
    backend: &Backend,
    seen: Seen,
    watch: impl FnOnce(Session) -> Signal<T> + Send + 'static,
) -> Page {
    let client = backend.client();
    Page::open("/", move || {
        let show = move || {
            let value = watch(use_session());
            move || {
                seen.built();
                format!("{:?}", value.get())
            }
        };
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                {show()}
            </SessionProvider>
        }
    })
    .await
}

async fn update(backend: &Backend, seen: Seen, payload: &str) {
    backend.next(Answer::session("u1", payload));
    seen.session().client().get("/anything").send().await.unwrap();
    settle().await;
}

#[wasm_bindgen_test]
async fn allows_tells_not_yet_from_no() {
    let admin = |session: Session| session.allows(Require::role("admin"));
    for (backend, shown) in [
        (Backend::new(), "None"),
        (Backend::expired("u1").answers([Answer::Down]), "None"),
        (Backend::signed_out(), "Some(false)"),
        (Backend::signed_in("u1"), "Some(false)"),
        (Backend::signed_in_with("u1", ADMIN), "Some(true)"),
    ] {
        assert_eq!(watch(&backend, Seen::new(), admin).await.text().trim(), shown);
    }
}

#[wasm_bindgen_test]
async fn allows_changes_when_the_answer_does() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let page = watch(&backend, seen, |session| session.allows(Require::role("admin"))).await;
    let before = seen.builds();
    update(&backend, seen, ADMIN_ANEW).await;
    assert_eq!(seen.builds(), before);
    update(&backend, seen, READER).await;
    assert_eq!(page.text().trim(), "Some(false)");
    assert_eq!(seen.builds(), before + 1);
}

#[wasm_bindgen_test]
async fn ages_are_judged_when_it_is_first_asked_for_and_time_alone_changes_no_answer() {
    let payload = |n: u8| format!(r#"{{"st-role":{{"v":["admin"],"t":{NOW_MS}}},"n":{n}}}"#);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &payload(1)));
    let admin = || Require::claim(roles().includes("admin".to_owned()).max_age_s(30));
    let page = watch(&backend, seen, move |session| session.allows(admin)).await;
    backend.pass(31_000);
    update(&backend, seen, &payload(2)).await;
    assert_eq!(page.text().trim(), "Some(true)");
    let page = watch(&backend, seen, move |session| session.allows(admin)).await;
    assert_eq!(page.text().trim(), "Some(false)");
}

#[wasm_bindgen_test]
async fn denied_gives_the_reasons_and_follows_the_requirement() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", READER));
    let owner = Owner::new();
    let role = owner.with(|| RwSignal::new("admin"));
    let page = watch(&backend, seen, move |session| {
        let denied: Signal<Option<Denied>> = session.denied(move || Require::role(role.get()));
        Signal::derive(move || {
            denied.get().map(|denied| denied.reasons[0].reason["expectedToInclude"].clone())
        })
    })
    .await;
    assert_eq!(page.text().trim(), r#"Some(String("admin"))"#);
    role.set("reader");
    settle().await;
    assert_eq!(page.text().trim(), "None");
    for nobody in [Backend::new(), Backend::signed_out()] {
        let page = watch(&nobody, Seen::new(), |session| session.denied(Require::role("admin"))).await;
        assert_eq!(page.text().trim(), "None");
    }
}

#[wasm_bindgen_test]
async fn the_routers_own_guard_takes_it_as_its_condition() {
    for (backend, shown, at) in [
        (Backend::new(), "one moment", "/guarded"),
        (Backend::signed_in("u1"), "not for you", "/refused"),
        (Backend::signed_in_with("u1", ADMIN), SECRET, "/guarded"),
    ] {
        let client = backend.client();
        let page = Page::open("/guarded", move || {
            let pages = || {
                let allows = use_session().allows(Require::role("admin"));
                view! {
                    <Router>
                        <Routes fallback=|| "elsewhere">
                            <Route path=path!("/refused") view=|| "not for you"/>
                            <RoutersOwn
                                path=path!("/guarded")
                                view=|| SECRET
                                condition=move || allows.get()
                                redirect_path=|| "/refused"
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
async fn a_claims_value_is_typed_and_silent_where_it_stays_the_same() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let page = watch(&backend, seen, |_| {
        let plan: Signal<Option<String>> = use_claim_value(PrimitiveClaim::<String>::new("plan"));
        let roles: Signal<Option<Vec<String>>> = use_claim_value(roles());
        Signal::derive(move || (plan.get(), roles.get()))
    })
    .await;
    assert_eq!(page.text().trim(), r#"(Some("pro"), Some(["admin"]))"#);
    let before = seen.builds();
    update(&backend, seen, ADMIN_ANEW).await;
    assert_eq!(seen.builds(), before);
    update(&backend, seen, READER).await;
    assert_eq!(page.text().trim(), r#"(None, Some(["reader"]))"#, "a number is no String");
    backend.next(Answer::removed(200));
    seen.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "(None, None)");
}

#[wasm_bindgen_test]
async fn ready_waits_for_the_first_thing_that_is_known() {
    let late = Answer::Held(Box::new(Answer::session("u1", "{}")));
    let (seen, backend) = (Seen::new(), Backend::expired("u1").answers([late]));
    let _page = watch(&backend, seen, |session| session.status()).await;
    let owner = Owner::new();
    let heard = owner.with(|| StoredValue::new(Vec::new()));
    let session = seen.session();
    for _ in 0..2 {
        spawn_local(async move {
            let status = session.ready().await;
            heard.update_value(|heard| heard.push(status));
        });
    }
    settle().await;
    assert!(heard.get_value().is_empty());
    backend.release();
    settle().await;
    assert_eq!(heard.get_value(), [SessionStatus::Authenticated; 2]);
    assert_eq!(session.ready().await, SessionStatus::Authenticated, "and at once from then on");
}

#[wasm_bindgen_test]
async fn ready_harms_nobody_when_the_provider_is_gone() {
    let (seen, backend) = (Seen::new(), Backend::new());
    let page = watch(&backend, seen, |session| session.status()).await;
    let session = seen.session();
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
async fn an_unreachable_backend_is_something_to_know() {
    let (seen, backend) = (Seen::new(), Backend::expired("u1").answers([Answer::Down]));
    let _page = watch(&backend, seen, |session| session.status()).await;
    assert_eq!(seen.session().ready().await, SessionStatus::Unreachable);
}
