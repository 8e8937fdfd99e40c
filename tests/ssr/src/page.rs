use std::{rc::Rc, sync::Arc, time::Duration};

use leptos::prelude::*;
use supertokens_leptos::{
    Require, Session, SessionClient, SessionConfig, SessionError, SessionLoading, SessionProvider,
    SessionServerFnClient, SessionStatus, SignedIn, SignedOut,
    claims::{PrimitiveClaim, roles},
    try_use_session, use_claim_value, use_return_address, use_session,
};

/// The delay of a page's data. After it, another thread may render the page.
const DATA_DELAY: Duration = Duration::from_millis(150);

#[server(client = SessionServerFnClient)]
async fn rows() -> Result<String, ServerFnError> {
    Ok("the rows".to_owned())
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
    assert_eq!(values, Default::default(), "a server has no session");
    assert!(try_use_session().is_some());
}
