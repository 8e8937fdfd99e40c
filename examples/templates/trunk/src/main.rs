//! An app that runs in the browser: a login page, and a page for signed-in users.

mod login;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedRoute, SessionConfig, SessionProvider, use_session};

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    // The API has the page's origin; `SessionConfig::builder("https://api.example.com")` names another one.
    let config = SessionConfig::same_origin().build();
    view! {
        <SessionProvider config>
            <Router>
                <main>
                    <Routes fallback=|| view! { <h1>"Page not found"</h1> }>
                        <Route path=path!("/login") view=login::Login/>
                        <ProtectedRoute path=path!("/") view=Home fallback=|| "Loading…"/>
                    </Routes>
                </main>
            </Router>
        </SessionProvider>
    }
}

/// For signed-in users. Your API must check the session of each request: guards only control display.
#[component]
fn Home() -> impl IntoView {
    let session = use_session();
    view! {
        <h1>"Welcome"</h1>
        <p>"You are signed in as " <code>{move || session.user_id().get()}</code></p>
        <button type="button" on:click=move |_| session.sign_out()>"Sign out"</button>
    }
}
