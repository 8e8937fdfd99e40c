//! Built for wasm32 this is the page, else the server of page, API and functions.

#[cfg(target_arch = "wasm32")]
fn main() {
    leptos::mount::mount_to_body(notes::App);
}

/// Serves the page in the folder that is named, by default where Trunk builds it.
#[cfg(not(target_arch = "wasm32"))]
#[tokio::main]
async fn main() -> Result<(), backend::ServeError> {
    use std::io::Write;

    let dist = std::env::args_os().nth(1).unwrap_or_else(|| "examples/server-fn/dist".into());
    let options = backend::Options {
        address: ([127, 0, 0, 1], 3001).into(),
        dist: Some(dist.into()),
        private_routes: notes::router(),
        seed_demo_users: true,
        ..backend::Options::default()
    };
    let mut server = backend::spawn(options).await?;
    // Whoever started this may have closed its output; that is no reason to stop.
    let _ = writeln!(std::io::stdout(), "Notes on {}", server.url());
    if tokio::signal::ctrl_c().await.is_ok() {
        server.finish().await;
    }
    Ok(())
}
