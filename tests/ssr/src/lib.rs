//! An app that uses the whole session API while a server renders it, with a page for each rendering mode of Leptos.

// The macro of server functions generates structs of the arguments, whose fields have no docs.
#![allow(missing_docs)]

mod app;
#[cfg(doctest)]
pub mod guide;
mod page;
mod yew_app;

use std::sync::atomic::Ordering::Relaxed;

use axum::{Router, routing::get};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use supertokens_leptos::server::{SessionLayer, Verifier};
use tokio::runtime::Handle;

pub use app::App;

/// The API of the app in the guide.
pub const API_DOMAIN: &str = "http://localhost:3001";

/// The pages, `/tasks` with the number of the server's tasks, and `/calls` with the number of calls of server functions.
pub fn router(verifier: Option<Verifier>) -> Router {
    let options = LeptosOptions::builder().output_name("ssr").build();
    let routes = generate_route_list(App);
    let router = Router::new()
        .route("/calls", get(|| async { page::CALLS.load(Relaxed).to_string() }))
        .route("/tasks", get(|| async { Handle::current().metrics().num_alive_tasks().to_string() }))
        .route("/yew/{page}", get(yew_app::page))
        .leptos_routes(&options, routes, {
            let options = options.clone();
            move || shell(options.clone())
        })
        .with_state(options);
    match verifier {
        Some(verifier) => router.layer(SessionLayer::new(verifier)),
        None => router,
    }
}

/// The whole HTML page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <HydrationScripts options/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
