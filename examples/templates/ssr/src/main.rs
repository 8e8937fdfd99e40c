//! The server of the pages and of their server functions.

use app::{API_DOMAIN, App, shell};
use axum::Router;
use leptos::config::get_configuration;
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
use supertokens_leptos::server::{SessionLayer, Verifier};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = get_configuration(None)?.leptos_options;
    let pages = options.clone();
    let app = Router::new()
        .leptos_routes(&options, generate_route_list(App), move || {
            shell(pages.clone())
        })
        .fallback(file_and_error_handler(shell))
        .layer(SessionLayer::new(Verifier::new(API_DOMAIN, "/auth")?))
        .with_state(options.clone());
    let listener = TcpListener::bind(options.site_addr).await?;
    // By this name, and not as 127.0.0.1, so that the page gets the cookies of an API on localhost.
    println!("Open http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}
