//! A driver process and a browser behind it.

use std::net::Ipv4Addr;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::env::Env;

const START: Duration = Duration::from_secs(60);
const END: Duration = Duration::from_secs(15);

/// Must be ended with [`close`](Self::close): a browser does not end when its driver is killed.
pub(crate) struct Driver {
    process: Child,
    pub(crate) client: Client,
}

impl Driver {
    /// The certificate of an https page is the story's own.
    pub(crate) async fn start(env: &Env, is_https: bool) -> Self {
        timeout(START, Self::try_start(env, is_https)).await.expect("the browser to start within a minute")
    }

    async fn try_start(env: &Env, is_https: bool) -> Self {
        let (process, port) = start_process(env).await;
        let mut capabilities = match env.engine.capabilities(env.browser.as_deref()) {
            Value::Object(capabilities) => capabilities,
            other => panic!("no capabilities: {other}"),
        };
        if is_https {
            capabilities.insert("acceptInsecureCerts".to_owned(), true.into());
        }
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|error| {
                panic!("{} cannot start {:?}: {error}", env.driver.display(), env.engine)
            });
        Self { process, client }
    }

    /// Closes the browser, then ends its driver.
    pub(crate) async fn close(mut self) -> Result<(), String> {
        let closed = timeout(END, self.client.close()).await;
        // If this fails, it has already ended.
        self.process.start_kill().ok();
        self.process.wait().await.ok();
        match closed {
            Ok(closed) => closed.map_err(|error| error.to_string()),
            Err(_) => Err("no response from the driver".to_owned()),
        }
    }
}

/// The number of attempts to start a driver: another process may take its port meanwhile.
const TRIES: usize = 5;

async fn start_process(env: &Env) -> (Child, u16) {
    let mut output = String::new();
    for _ in 0..TRIES {
        let started = match env.engine.says_before_port() {
            Some(words) => on_its_own_port(spawn(env, 0), words).await,
            None => on_a_given_port(env).await,
        };
        match started {
            Ok(started) => return started,
            Err(words) => output = words,
        }
    }
    panic!("the driver ended {TRIES} times without a port: {output}")
}

fn spawn(env: &Env, port: u16) -> Child {
    Command::new(&env.driver)
        .args(env.engine.driver_arguments(port))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {}: {error}", env.driver.display()))
}

/// The driver chooses a free port and prints it; the error is its other output.
async fn on_its_own_port(mut process: Child, words: &str) -> Result<(Child, u16), String> {
    let mut lines = lines_of(&mut process);
    let mut output = Vec::new();
    while let Some(line) = lines.next_line().await.expect("readable text from the driver") {
        let port = line.rsplit_once(words).map(|(_, port)| port);
        if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
            drain(lines);
            return Ok((process, port));
        }
        output.push(line);
    }
    Err(output.join("\n"))
}

/// For a driver that needs a given port. An error if it ends, since another process has taken that port.
async fn on_a_given_port(env: &Env) -> Result<(Child, u16), String> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut process = spawn(env, port);
    drain(lines_of(&mut process));
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        if let Some(status) = process.try_wait().expect("a process to wait for") {
            return Err(format!("it ended: {status}"));
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok((process, port))
}

fn lines_of(process: &mut Child) -> Lines<BufReader<ChildStdout>> {
    BufReader::new(process.stdout.take().expect("a pipe")).lines()
}

/// Reads the pipe, so that it does not fill up.
fn drain(mut lines: Lines<BufReader<ChildStdout>>) {
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
}
