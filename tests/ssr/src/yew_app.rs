//! A Yew app, whose pages the same server renders.

use axum::{extract::Request, response::Html as Response};
use supertokens_yew::{
    Protected, Require, ServerRequest, SessionConfig, SessionLoading, SessionProvider, SessionStatus,
    SignedIn, SignedOut, use_payload, use_return_address, use_session, use_session_status, use_user_id,
};
use yew::{ServerRenderer, prelude::*};
use yew_router::{
    AnyRoute, Routable, Router, Switch,
    history::{AnyHistory, History, MemoryHistory},
    query::Raw,
};

/// Renders the page of a request.
pub(crate) async fn page(request: Request) -> Response<String> {
    let (parts, _) = request.into_parts();
    let (request, path) = (ServerRequest::new(&parts), parts.uri.path().to_owned());
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let app = ServerRenderer::<App>::with_props(move || AppProps { request, path, query }).render().await;
    Response(format!(r#"<!DOCTYPE html><html lang="en"><body>{app}</body></html>"#))
}

#[derive(PartialEq, Properties)]
struct AppProps {
    request: Option<ServerRequest>,
    path: String,
    query: String,
}

#[component]
fn App(AppProps { request, path, query }: &AppProps) -> Html {
    let history = use_memo((), |()| {
        let history = MemoryHistory::new();
        let Ok(()) = history.push_with_query(path.as_str(), Raw(query.as_str()));
        AnyHistory::from(history)
    });
    html! {
        <SessionProvider config={SessionConfig::builder("https://api.example.com").build()} request={request.clone()}>
            <Router history={(*history).clone()}><Switch<AnyRoute> render={switch}/></Router>
        </SessionProvider>
    }
}

fn switch(route: AnyRoute) -> Html {
    match route.to_path().as_str() {
        "/yew/open" => html! { <Content/> },
        "/yew/guarded" => html! { <Protected fallback={html! { "One moment" }}><Guarded/></Protected> },
        "/yew/admin" => html! {
            <Protected><Protected require={Require::role("admin")}><Guarded/></Protected></Protected>
        },
        _ => html! { "Not found" },
    }
}

#[component]
fn Guarded() -> Html {
    html! { <div id="guarded"><Content/></div> }
}

#[component]
fn Content() -> Html {
    let (session, status, user) = (use_session(), use_session_status(), use_user_id());
    let (payload, return_address) = (use_payload::<serde_json::Value>(), use_return_address("/"));
    html! {
        <>
            <p id="status">{if status == SessionStatus::Loading { "not known yet" } else { "known" }}</p>
            <p id="user">{user}</p>
            <a href={return_address.href()}>{payload.map(|payload| payload["iss"].to_string())}</a>
            <SignedIn>{"Signed in"}</SignedIn>
            <SignedIn require={Require::role("admin")}>{"An administrator"}</SignedIn>
            <SignedOut>{"Signed out"}</SignedOut>
            <SessionLoading>{"Still loading"}</SessionLoading>
            <button onclick={move |_| session.sign_out()}>{"Sign out"}</button>
        </>
    }
}
