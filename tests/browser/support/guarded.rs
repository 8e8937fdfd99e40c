use leptos::prelude::*;
use leptos_router::{components::Route, path};
use supertokens_leptos::{ProtectedRoute, Require, SessionClient, use_denied, use_return_address};

use super::{Page, Probe};

/// Opens an app with these routes, whose session the probe gets: `path, client, probe, routes`.
macro_rules! open_routes {
    ($at:expr, $client:expr, $probe:expr, $($routes:tt)*) => {{
        use leptos_router::components::{Router, Routes};
        use supertokens_leptos::{SessionProvider, use_session};

        let (client, probe) = ($client, $probe);
        $crate::support::Page::open($at, move || {
            view! {
                <SessionProvider config=client>
                    {probe.session.set_value(Some(use_session()))}
                    <Router>
                        <Routes fallback=|| "not found">$($routes)*</Routes>
                    </Router>
                </SessionProvider>
            }
        })
        .await
    }};
}
pub(crate) use open_routes;

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
    open_routes! {
        at, client, probe,
        <Route path=path!("/login") view=|| "login page"/>
        <Route path=path!("/verify") view=StepUp/>
        <ProtectedRoute
            path=path!("/guarded")
            view=guarded
            require=require.clone()
            fallback=|| FALLBACK
            denied=Reasons
        />
    }
}

/// A login page that sends signed-in users back.
#[component]
pub fn Login() -> impl IntoView {
    use_return_address("/home").go_when_signed_in();
    "login page"
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
