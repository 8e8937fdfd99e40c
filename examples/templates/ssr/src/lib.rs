//! The pages, which the server renders (feature `ssr`) and the browser hydrates (feature `hydrate`).

mod login;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedRoute, SessionConfig, SessionProvider, SessionServerFnClient, use_session,
};

/// The origin of the API, where a SuperTokens backend SDK runs. The variable of the build overrides it.
pub const API_DOMAIN: &str = match option_env!("API_DOMAIN") {
    Some(domain) => domain,
    None => "http://localhost:3001",
};

/// The whole HTML page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"My app"</title>
                <link rel="icon" href="data:,"/>
                <link rel="stylesheet" href="/pkg/app.css"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The page calls this when its WebAssembly is loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}

#[component]
pub fn App() -> impl IntoView {
    let config = SessionConfig::builder(API_DOMAIN).build();
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

/// Guards only control display, so each server function asks for the session itself.
#[server(client = SessionServerFnClient)]
async fn verified_user() -> Result<String, ServerFnError> {
    let session = supertokens_leptos::server::verified_session().await?;
    Ok(session.user_id().to_owned())
}

/// For signed-in users. Without a session, the server redirects to the login page.
#[component]
fn Home() -> impl IntoView {
    let session = use_session();
    let user = Resource::new(|| (), |()| verified_user());
    let user =
        move || Suspend::new(async move { user.await.unwrap_or_else(|error| error.to_string()) });
    view! {
        <h1>"Welcome"</h1>
        <p>"You are signed in as " <code>{move || session.user_id().get()}</code></p>
        <p>"The server knows you as " <code><Suspense fallback=|| "…">{user}</Suspense></code></p>
        <button type="button" on:click=move |_| session.sign_out()>"Sign out"</button>
    }
}
