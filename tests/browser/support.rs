//! Opens views that the shared cases don't have.

use std::rc::Rc;

use browser_cases::{Page, Probe};
use leptos::{mount::mount_to, prelude::*};
use supertokens_leptos::{use_denied, use_session};

use crate::site::Handle;

/// Opens an app with these routes, whose session the probe gets: `path, client, probe, routes`.
macro_rules! open_routes {
    ($at:expr, $client:expr, $probe:expr, $($routes:tt)*) => {{
        use leptos_router::components::{Router, Routes};
        use supertokens_leptos::SessionProvider;

        let (client, probe) = ($client, send_wrapper::SendWrapper::new($probe));
        $crate::support::open($at, move || {
            view! {
                <SessionProvider config=client>
                    {$crate::support::start(*probe)}
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

/// Mounts a view on a page with the path `at`.
pub async fn open<N: IntoView + 'static>(at: &str, view: impl FnOnce() -> N + 'static) -> Page {
    Page::open(at, |element| Box::new(mount_to(element, view))).await
}

/// Gives the session to the probe.
pub fn start(probe: Probe) {
    probe.start(Rc::new(Handle(use_session())), || {});
}

/// Shows the ids of the failed claims.
#[component]
pub fn Reasons() -> impl IntoView {
    let ids: Vec<String> = use_denied().reasons.into_iter().map(|reason| reason.id).collect();
    format!("denied for {}", ids.join(", "))
}
