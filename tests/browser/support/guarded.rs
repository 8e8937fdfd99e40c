use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedRoute, Require, SessionClient, SessionProvider, use_denied, use_return_address, use_session,
};

use super::{Page, Seen};

/// What only those may see who are let in.
pub const SECRET: &str = "secret-4711";

/// What is shown meanwhile.
pub const FALLBACK: &str = "one moment";

/// An app with a login page, a page on which a claim can be mended, and a page at `/guarded`.
pub async fn open_guarded(
    at: &str,
    client: SessionClient,
    seen: Seen,
    require: impl Fn() -> Require + Send + Sync + Clone + 'static,
) -> Page {
    let guarded = move || {
        seen.built();
        view! { <p>{SECRET}</p><input id="draft"/> }
    };
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=|| "login page"/>
                        <Route path=path!("/verify") view=StepUp/>
                        <ProtectedRoute
                            path=path!("/guarded")
                            view=guarded
                            require=require.clone()
                            fallback=|| FALLBACK
                            denied=Reasons
                        />
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

/// A page on which a claim can be mended.
#[component]
pub fn StepUp() -> impl IntoView {
    let back = use_return_address("/");
    view! { <p>"step-up page"</p><button id="done" on:click=move |_| back.go()></button> }
}

/// Names the checks that failed.
#[component]
pub fn Reasons() -> impl IntoView {
    let ids: Vec<String> = use_denied().reasons.into_iter().map(|reason| reason.id).collect();
    format!("denied for {}", ids.join(", "))
}
