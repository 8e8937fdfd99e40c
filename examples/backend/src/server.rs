//! Starts the API on a port, stops it, and restarts it with the same state.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::app::router_while;
use crate::controls::Controls;
use crate::options::Options;
use crate::state::SharedState;

/// How long running requests may delay the end.
const LAST_RESPONSES: Duration = Duration::from_secs(5);

/// Why a server can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another program uses the port.
    #[error("{0} is in use by another program: choose another port, or port 0 for a free one")]
    AddressInUse(SocketAddr),
    /// The server can't listen on the address.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The operating system provides no random numbers for keys.
    #[error("the operating system provides no random numbers")]
    Randomness,
    /// The demo users can't be created, usually because of `max_users`.
    #[error("cannot create the demo users")]
    DemoUsers,
}

/// Starts the API on [`Options::address`] with an empty state.
///
/// # Errors
/// If the address is in use, or the server can't listen on it.
pub async fn spawn(options: Options) -> Result<Server, ServeError> {
    spawn_with_state(options, SharedState::new()?).await
}

/// Starts the API with an existing state, such as that of another server.
///
/// # Errors
/// If the address is in use, or the server can't listen on it.
pub async fn spawn_with_state(options: Options, state: SharedState) -> Result<Server, ServeError> {
    if options.seed_demo_users {
        state.seed_demo_users(options.max_users).await.map_err(|_| ServeError::DemoUsers)?;
    }
    let (address, running) = Running::start(&options, &state).await?;
    Ok(Server { options: Options { address, ..options }, state, running: Some(running) })
}

/// A running API. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    /// The address with the actual port.
    options: Options,
    state: SharedState,
    running: Option<Running>,
}

impl Server {
    /// The server's URL, such as `http://127.0.0.1:3001`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.options.address
    }

    /// The controls for tests.
    pub fn controls(&self) -> Controls {
        Controls::new(self.state.clone())
    }

    /// The server's state.
    pub fn state(&self) -> SharedState {
        self.state.clone()
    }

    /// Closes the port and all connections at once. Clients get a network error, even during a response.
    pub async fn stop(&mut self) {
        self.end(Ending::AtOnce).await;
    }

    /// Closes the port, and each connection after its response.
    pub async fn finish(&mut self) {
        self.end(Ending::AfterResponses).await;
    }

    /// Stops, and listens again on the same port with the same state.
    ///
    /// # Errors
    /// If another program has taken the port meanwhile.
    pub async fn restart(&mut self) -> Result<(), ServeError> {
        self.stop().await;
        let (_, running) = Running::start(&self.options, &self.state).await?;
        self.running = Some(running);
        Ok(())
    }

    async fn end(&mut self, ending: Ending) {
        let Some(Running { stop, task }) = self.running.take() else { return };
        // Both fail only if the task has already ended.
        stop.send(ending).ok();
        task.await.ok();
    }
}

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<Ending>,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(options: &Options, state: &SharedState) -> Result<(SocketAddr, Self), ServeError> {
        let wanted = options.address;
        let explain = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::AddressInUse(wanted),
            _ => ServeError::Listen(wanted, error),
        };
        let listener = TcpListener::bind(wanted).await.map_err(explain)?;
        let address = listener.local_addr().map_err(explain)?;
        let (open, is_open) = watch::channel(());
        let app = router_while(Options { address, ..options.clone() }, state.clone(), is_open);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, app, open, stopped));
        Ok((address, Self { stop, task }))
    }
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    AtOnce,
    AfterResponses,
}

/// Accepts connections. The loop of axum would leave open connections alive when it is dropped.
async fn serve(
    listener: TcpListener,
    app: Router,
    open: watch::Sender<()>,
    stopped: oneshot::Receiver<Ending>,
) {
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    let ending = loop {
        tokio::select! {
            ending = &mut stopped => break ending.unwrap_or(Ending::AtOnce),
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, app.clone(), open.subscribe()));
                }
                // The process is probably out of file handles, and other connections will free some.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    };
    drop(listener);
    // Live connections end at once, and other connections after their response.
    drop(open);
    if matches!(ending, Ending::AfterResponses) {
        timeout(LAST_RESPONSES, async { while connections.join_next().await.is_some() {} }).await.ok();
    }
    connections.shutdown().await;
}

/// Serves a connection until it ends. After `open` closes, it ends with the next response.
async fn connection(stream: TcpStream, app: Router, mut open: watch::Receiver<()>) {
    // Without this option, small responses are sent a little later.
    stream.set_nodelay(true).ok();
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .with_upgrades();
    let mut connection = pin!(connection);
    // An error of a connection concerns only its client.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = open.changed() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}
