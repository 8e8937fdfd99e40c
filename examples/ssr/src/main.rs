//! Serves the pages and their server functions. `API_DOMAIN` names the API; the default is the example API.

use std::error::Error;
use std::io::{self, Write};

use axum::Router;
use leptos::config::get_configuration;
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
use shop::{App, api_domain, shell};
use supertokens_leptos::server::{SessionLayer, Verifier};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // `cargo leptos` sets the variables of these options, and so does `cargo xtask demo --ssr`.
    let options = get_configuration(None)?.leptos_options;
    let verifier = Verifier::new(&api_domain(), "/auth")?;
    let app = Router::new()
        .leptos_routes(&options, generate_route_list(App), {
            let options = options.clone();
            move || shell(options.clone())
        })
        .fallback(file_and_error_handler(shell))
        .layer(SessionLayer::new(verifier))
        .with_state(options.clone());
    let listener = TcpListener::bind(options.site_addr).await?;
    // Not 127.0.0.1: the browser sends the cookies of the API on localhost only to pages on localhost.
    let line = format!("Shop on http://localhost:{}", listener.local_addr()?.port());
    // The parent process may have closed the output.
    writeln!(io::stdout(), "{line}").ok();
    axum::serve(listener, app).await?;
    Ok(())
}
