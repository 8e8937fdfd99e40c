use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use leptos::prelude::*;
use supertokens_leptos::{
    Require, Session, SessionClient, SessionConfig, SessionError, SessionLoading, SessionProvider,
    SessionServerFnClient, SessionStatus, SignedIn, SignedOut,
    claims::{PrimitiveClaim, roles},
    server::{require_session, try_verified_session, verified_session},
    try_use_session, use_claim_value, use_return_address, use_session,
};

/// The delay of a page's data. After it, another thread may render the page.
const DATA_DELAY: Duration = Duration::from_millis(150);

/// The calls of server functions, also while a page is rendered.
pub(crate) static CALLS: AtomicUsize = AtomicUsize::new(0);

#[server(client = SessionServerFnClient)]
async fn rows() -> Result<String, ServerFnError> {
    CALLS.fetch_add(1, Relaxed);
    let caller = try_verified_session().await;
    Ok(match caller {
        Ok(session) => format!("the rows of {}", session.user_id()),
        // The page stays as it is, and its status too.
        Err(_) if verified_session().await.is_err() => "the rows".to_owned(),
        Err(_) => "rows without a user".to_owned(),
    })
}

#[server(client = SessionServerFnClient, endpoint = "who")]
async fn who() -> Result<String, ServerFnError> {
    Ok(verified_session().await?.user_id().to_owned())
}

#[server(client = SessionServerFnClient, endpoint = "administer")]
async fn administer() -> Result<String, ServerFnError> {
    Ok(require_session(&Require::role("admin")).await?.user_id().to_owned())
}

async fn data(session: Session) -> String {
    tokio::time::sleep(DATA_DELAY).await;
    let status = session.ready().await;
    // Another thread may run this. Without a page, no request is sent.
    let client = session.client();
    assert_eq!(client.get("/orders").send().await.err(), Some(SessionError::NotInBrowser));
    assert_eq!(client.payload().await, Err(SessionError::NotInBrowser));
    format!("{} of a session that is {status:?}", rows().await.unwrap_or_default())
}

/// A page that streams its data.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let session = use_session();
    view! { <Content data=Resource::new(|| (), move |()| data(session))/> }
}

/// A page that starts when its data is loaded.
#[component]
pub(crate) fn Blocked() -> impl IntoView {
    let session = use_session();
    view! { <Content data=Resource::new_blocking(|| (), move |()| data(session))/> }
}

#[component]
fn Content(data: Resource<String>) -> impl IntoView {
    let client = use_session().client();
    provide_context(client.clone());
    let sign_out = Action::new(move |()| client.sign_out());
    view! {
        <button on:click=move |_| drop(sign_out.dispatch(()))>"Sign out"</button>
        <UsesSession/>
        <Suspense fallback=|| "One moment">
            {move || Suspend::new(async move {
                let rows = data.await;
                let status = use_session().ready().await;
                let orders = expect_context::<SessionClient>().get("/orders").send().await;
                assert_eq!(orders.err(), Some(SessionError::NotInBrowser));
                view! {
                    <p id="rows">{rows}</p>
                    <p id="status">{status_text(status)}</p>
                    <UsesSession/>
                    <NestedProvider/>
                }
            })}
        </Suspense>
    }
}

fn status_text(status: SessionStatus) -> &'static str {
    if status == SessionStatus::Loading { "not known yet" } else { "known" }
}

/// A provider that any thread may create.
#[component]
fn NestedProvider() -> impl IntoView {
    let config = SessionConfig::builder("https://api.example.com").build();
    let held = Arc::new(());
    view! {
        <SessionProvider config on_event=move |_| drop(held.clone())>
            <UsesSession/>
        </SessionProvider>
    }
}

/// Uses the session API in the component and in the closures of its view.
#[component]
fn UsesSession() -> impl IntoView {
    let session = use_session();
    use_all(session);
    let (may_delete, plan) = (
        session.allows(Require::permission("orders:delete")),
        use_claim_value(PrimitiveClaim::<String>::new("plan")),
    );
    let denied = session.denied(move || Require::role("admin"));
    let return_address = use_return_address("/open/async");
    return_address.go();
    return_address.clone().go_when_signed_in();
    view! {
        <a href=return_address.href()>"Back"</a>
        <button on:click=move |_| return_address.go() disabled=move || may_delete.get() != Some(true)>"Delete"</button>
        <SignedIn fallback=|| "Fallback">"Signed in"</SignedIn>
        <SignedIn require=Require::role("admin") fallback=|| "Fallback">"An administrator"</SignedIn>
        <SignedOut fallback=|| "Fallback">"Signed out"</SignedOut>
        <SessionLoading>"Loading"</SessionLoading>
        <p>
            {move || {
                use_all(session);
                let (plan, denied) = (plan.get().unwrap_or_default(), denied.get().is_some());
                format!("{plan} {denied} {:?}", session.status().get())
            }}
        </p>
    }
}

fn use_all(session: Session) {
    let held = Rc::new(());
    session.on_event(move |_| drop(held.clone()));
    session.recheck();
    session.sign_out();
    // No request is sent, and the futures are dropped before another thread continues.
    drop(session.client().get("/orders").send());
    drop(session.client().session_exists());
    drop(session.ensure_fresh());
    drop(session.fresh_access_token());
    let values = (
        session.user_id().get_untracked(),
        session.expires_at().get_untracked(),
        session.front_token().get_untracked(),
        session.raw_payload().get_untracked(),
        session.payload::<String>().get_untracked(),
        session.try_payload::<String>().get_untracked(),
        session.error().get_untracked(),
        session.claim_value(roles()).get_untracked(),
    );
    if session.status().get_untracked() == SessionStatus::Authenticated {
        assert!(values.0.is_some() && values.1.is_some() && values.2.is_some() && values.3.is_some());
        assert!(values.7.is_some(), "the roles");
    } else {
        assert_eq!(values, Default::default(), "without a session nothing is known");
    }
    assert!(try_use_session().is_some());
}
