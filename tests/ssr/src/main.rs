//! Serves the app and prints its address. A panic is one line on stderr.

use std::{io::Write, panic};

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
    axum::serve(listener, ssr::router()).await
}
