//! A ChromeDriver process and a browser behind it.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::env::Env;

const START: Duration = Duration::from_secs(60);
const END: Duration = Duration::from_secs(15);

const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1200,1000",
];

/// Ends with [`close`](Self::close): a browser outlives a driver that was merely killed.
pub(crate) struct Driver {
    process: Child,
    pub(crate) client: Client,
}

impl Driver {
    pub(crate) async fn start(env: &Env) -> Self {
        timeout(START, Self::try_start(env)).await.expect("the browser to start within a minute")
    }

    async fn try_start(env: &Env) -> Self {
        let (process, port) = start_process(env).await;
        let capabilities = match capabilities(env) {
            Value::Object(capabilities) => capabilities,
            other => panic!("no capabilities: {other}"),
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", env.chromium.display()));
        Self { process, client }
    }

    /// Closes the browser, then ends its driver.
    pub(crate) async fn close(mut self) -> Result<(), String> {
        let closed = timeout(END, self.client.close()).await;
        // Already ended, if this fails.
        self.process.start_kill().ok();
        self.process.wait().await.ok();
        match closed {
            Ok(closed) => closed.map_err(|error| error.to_string()),
            Err(_) => Err("no answer from the driver".to_owned()),
        }
    }
}

/// How often a driver may be unlucky: the port that it took for IPv6 is in use for IPv4, and it ends.
const TRIES: usize = 5;

async fn start_process(env: &Env) -> (Child, u16) {
    let mut said = String::new();
    for _ in 0..TRIES {
        let mut process = Command::new(&env.chromedriver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", env.chromedriver.display()));
        match port_of(&mut process).await {
            Ok(port) => return (process, port),
            Err(words) => said = words,
        }
    }
    panic!("the driver ended {TRIES} times without a port: {said}")
}

/// The driver takes a free port by itself and says which; what it said otherwise.
async fn port_of(process: &mut Child) -> Result<u16, String> {
    let stdout = process.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.expect("readable text from the driver") {
        let port = line.rsplit_once("started successfully on port ").map(|(_, port)| port);
        if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
            // The pipe stays open, and empty.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port);
        }
        said.push(line);
    }
    Err(said.join("\n"))
}

fn capabilities(env: &Env) -> Value {
    json!({
        "goog:chromeOptions": { "binary": env.chromium, "args": ARGUMENTS },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}
