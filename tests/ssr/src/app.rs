use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, SessionConfig, SessionEvent, SessionProvider, use_session,
};

use crate::page::{Blocked, Page};

/// The app, with a route for each rendering mode.
#[component]
pub fn App() -> impl IntoView {
    let config = SessionConfig::builder("https://api.example.com").build();
    let on_event = counter::<SessionEvent>();
    view! {
        <SessionProvider config on_event>
            <Router>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/login") view=|| "Sign in"/>
                    <Route path=path!("/open/out-of-order") view=Page ssr=SsrMode::OutOfOrder/>
                    <Route path=path!("/open/partially-blocked") view=Blocked ssr=SsrMode::PartiallyBlocked/>
                    <Route path=path!("/open/in-order") view=Page ssr=SsrMode::InOrder/>
                    <Route path=path!("/open/async") view=Page ssr=SsrMode::Async/>
                    <ProtectedRoute
                        path=path!("/guarded/out-of-order")
                        view=Guarded
                        fallback=Page
                        require=Require::role("admin")
                        on_session_expired=expiry_counter()
                        ssr=SsrMode::OutOfOrder
                    />
                    <ProtectedRoute
                        path=path!("/guarded/partially-blocked")
                        view=Guarded
                        fallback=Blocked
                        require=|| Require::role("admin")
                        on_session_expired=expiry_counter()
                        ssr=SsrMode::PartiallyBlocked
                    />
                    <ProtectedRoute
                        path=path!("/guarded/in-order")
                        view=Guarded
                        fallback=Page
                        require=Require::session()
                        on_session_expired=expiry_counter()
                        ssr=SsrMode::InOrder
                    />
                    <ProtectedRoute
                        path=path!("/guarded/async")
                        view=Guarded
                        fallback=Page
                        on_session_expired=expiry_counter()
                        ssr=SsrMode::Async
                    />
                    <ProtectedParentRoute
                        path=path!("/nested")
                        view=Outlet
                        fallback=Page
                        on_session_expired=expiry_counter()
                        ssr=SsrMode::Async
                    >
                        <ProtectedRoute path=path!("") view=Guarded on_session_expired=expiry_counter()/>
                    </ProtectedParentRoute>
                </Routes>
            </Router>
        </SessionProvider>
    }
}

#[component]
fn Guarded() -> impl IntoView {
    let session = use_session();
    view! {
        <p id="guarded">{move || session.user_id().get()}</p>
        <Page/>
    }
}

fn expiry_counter() -> impl Fn() + Send + Sync + 'static {
    let count = counter();
    move || count(())
}

fn counter<T>() -> impl Fn(T) + Send + Sync + 'static {
    let count = Arc::new(AtomicU32::new(0));
    move |_| {
        count.fetch_add(1, Relaxed);
    }
}
