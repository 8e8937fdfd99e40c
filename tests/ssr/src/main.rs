//! Serves the app and prints its address. A panic is one line on stderr. With the variable `API_DOMAIN`, it verifies the
//! sessions of that API.

use std::{
    env,
    io::{self, Write},
    panic,
};

use supertokens_leptos::server::Verifier;
use tokio::net::TcpListener;

#[tokio::main(worker_threads = 4)]
async fn main() -> std::io::Result<()> {
    panic::set_hook(Box::new(|panic| {
        let line = panic.to_string().replace('\n', " ");
        // The parent process may have closed stderr.
        let _ = writeln!(std::io::stderr(), "{line}");
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    let verifier = env::var("API_DOMAIN").ok().map(|api| Verifier::new(&api, "/auth"));
    let verifier = verifier.transpose().map_err(io::Error::other)?;
    axum::serve(listener, my_app::router(verifier)).await
}
