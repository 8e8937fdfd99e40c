//! For wasm32 this is the page. For other targets it is the server of the page, the API and the functions.

#[cfg(target_arch = "wasm32")]
fn main() {
    leptos::mount::mount_to_body(notes::App);
}

/// Serves the page from the folder of the first argument. The default is Trunk's output folder.
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
    // The parent process may have closed the output, and the server runs on without it.
    let _ = writeln!(std::io::stdout(), "Notes on {}", server.url());
    if tokio::signal::ctrl_c().await.is_ok() {
        server.finish().await;
    }
    Ok(())
}
