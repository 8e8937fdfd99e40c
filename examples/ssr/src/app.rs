//! The HTML around the app, the app's settings, and the routes.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Stylesheet, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ConfigError, ProtectedRoute, Require, SessionConfig, SessionProvider, Url};

use crate::{
    components::{Footer, Header, Loading, Unreachable},
    pages::{Account, Admin, Blocked, Denied, Home, Login, Modes, NotFound, Orders, Slow},
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
                <meta name="api-domain" content=api_domain()/>
                <link rel="icon" href="/icon.svg"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The API's domain. The server reads the variable `API_DOMAIN` and writes it into the page.
#[cfg(feature = "ssr")]
pub fn api_domain() -> String {
    std::env::var("API_DOMAIN").unwrap_or_else(|_| "http://localhost:3001".to_owned())
}

/// The API's domain, which the server has written into the page.
#[cfg(not(feature = "ssr"))]
pub fn api_domain() -> String {
    let meta = document().query_selector("meta[name=api-domain]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

fn session_config() -> Result<SessionConfig, ConfigError> {
    let api_domain = api_domain();
    // Page and API are on one host, so server functions on the page's server get the session too. With an API on
    // `api.example.com`, this is `.example.com`, which is then also the `cookieDomain` of the API.
    let host = Url::parse(&api_domain).map(|url| url.origin().host().to_owned()).unwrap_or_default();
    SessionConfig::builder(api_domain).session_token_backend_domain(host).build()
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Stylesheet id="leptos" href="/pkg/shop.css"/>
        <SessionProvider config=session_config()>
            <Router>
                <Header/>
                <main>
                    <Pages/>
                </main>
                <Footer/>
            </Router>
        </SessionProvider>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=Home/>
            <Route path=path!("/login") view=Login/>
            <ProtectedRoute path=path!("/account") view=Account fallback=Loading unreachable=Unreachable/>
            <ProtectedRoute path=path!("/orders") view=Orders fallback=Loading unreachable=Unreachable/>
            <ProtectedRoute
                path=path!("/admin")
                view=Admin
                require=Require::role("admin")
                denied=Denied
                fallback=Loading
                unreachable=Unreachable
            />
            <Route path=path!("/modes") view=Modes/>
            <ProtectedRoute
                path=path!("/modes/out-of-order")
                view=Slow
                fallback=Loading
                unreachable=Unreachable
                ssr=SsrMode::OutOfOrder
            />
            <ProtectedRoute
                path=path!("/modes/in-order")
                view=Slow
                fallback=Loading
                unreachable=Unreachable
                ssr=SsrMode::InOrder
            />
            <ProtectedRoute
                path=path!("/modes/partially-blocked")
                view=Blocked
                fallback=Loading
                unreachable=Unreachable
                ssr=SsrMode::PartiallyBlocked
            />
            <ProtectedRoute
                path=path!("/modes/async")
                view=Slow
                fallback=Loading
                unreachable=Unreachable
                ssr=SsrMode::Async
            />
        </Routes>
    }
}
