use std::{rc::Rc, sync::Arc, time::Duration};

use leptos::prelude::*;
use supertokens_leptos::{
    Require, Session, SessionConfig, SessionLoading, SessionProvider, SessionServerFnClient, SessionStatus,
    SignedIn, SignedOut,
    claims::{PrimitiveClaim, roles},
    try_use_session, use_claim_value, use_return_address, use_session,
};

/// How long the data of a page takes: by then another thread may render it.
const DATA_TAKES: Duration = Duration::from_millis(150);

#[server(client = SessionServerFnClient)]
async fn rows() -> Result<String, ServerFnError> {
    Ok("the rows".to_owned())
}

async fn data(session: Session) -> String {
    tokio::time::sleep(DATA_TAKES).await;
    let status = session.ready().await;
    format!("{} of a session that is {status:?}", rows().await.unwrap_or_default())
}

/// A page with data.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let session = use_session();
    view! { <Content data=Resource::new(|| (), move |()| data(session))/> }
}

/// A page that is not begun before its data is there.
#[component]
pub(crate) fn Blocked() -> impl IntoView {
    let session = use_session();
    view! { <Content data=Resource::new_blocking(|| (), move |()| data(session))/> }
}

#[component]
fn Content(data: Resource<String>) -> impl IntoView {
    view! {
        <Used/>
        <Suspense fallback=|| "One moment">
            {move || Suspend::new(async move {
                let rows = data.await;
                let status = use_session().ready().await;
                view! {
                    <p id="rows">{rows}</p>
                    <p id="status">{is_loading(status)}</p>
                    <Used/>
                    <Another/>
                }
            })}
        </Suspense>
    }
}

fn is_loading(status: SessionStatus) -> &'static str {
    if status == SessionStatus::Loading { "not known yet" } else { "known" }
}

/// A provider that is made on whichever thread has the page by then.
#[component]
fn Another() -> impl IntoView {
    let config = SessionConfig::builder("https://api.example.com").build();
    let held = Arc::new(());
    view! {
        <SessionProvider config on_event=move |_| drop(held.clone())>
            <Used/>
        </SessionProvider>
    }
}

/// All that an app does with a session, at once and in the closures that a view runs.
#[component]
fn Used() -> impl IntoView {
    let session = use_session();
    use_all(session);
    let (may_delete, plan) = (
        session.allows(Require::permission("orders:delete")),
        use_claim_value(PrimitiveClaim::<String>::new("plan")),
    );
    let denied = session.denied(move || Require::role("admin"));
    let back = use_return_address("/open/async");
    back.go();
    back.clone().go_when_signed_in();
    view! {
        <a href=back.href()>"Back"</a>
        <button on:click=move |_| back.go() disabled=move || may_delete.get() != Some(true)>"Delete"</button>
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
    // What is asked for is never sent, and the future is gone before another thread goes on.
    drop(session.client().get("/orders").send());
    drop(session.client().session_exists());
    drop(session.ensure_fresh());
    drop(session.fresh_access_token());
    let known = (
        session.user_id().get_untracked(),
        session.expires_at_ms().get_untracked(),
        session.front_token().get_untracked(),
        session.raw_payload().get_untracked(),
        session.payload::<String>().get_untracked(),
        session.try_payload::<String>().get_untracked(),
        session.error().get_untracked(),
        session.claim_value(roles()).get_untracked(),
    );
    assert_eq!(known, Default::default(), "a server knows nothing of a session");
    assert!(try_use_session().is_some());
}
