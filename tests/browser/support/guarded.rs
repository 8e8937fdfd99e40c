use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedRoute, Require, SessionClient, SessionProvider, use_denied, use_return_address, use_session,
};

use super::{Page, Probe};

/// The text of guarded views.
pub const SECRET: &str = "secret-4711";

/// The text of fallbacks.
pub const FALLBACK: &str = "one moment";

/// Opens an app with a login page, a step-up page at `/verify`, and a guarded page at `/guarded`.
pub async fn open_guarded(
    at: &str,
    client: SessionClient,
    probe: Probe,
    require: impl Fn() -> Require + Send + Sync + Clone + 'static,
) -> Page {
    let guarded = move || {
        probe.built();
        view! { <p>{SECRET}</p><input id="draft"/> }
    };
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {probe.session.set_value(Some(use_session()))}
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

/// A page that sends the user back.
#[component]
pub fn StepUp() -> impl IntoView {
    let return_address = use_return_address("/");
    view! { <p>"step-up page"</p><button id="done" on:click=move |_| return_address.go()></button> }
}

/// Shows the ids of the failed claims.
#[component]
pub fn Reasons() -> impl IntoView {
    let ids: Vec<String> = use_denied().reasons.into_iter().map(|reason| reason.id).collect();
    format!("denied for {}", ids.join(", "))
}
