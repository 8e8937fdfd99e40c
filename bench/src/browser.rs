//! A ChromeDriver process, its headless browser, and the browser's tabs.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use url::{ParseError, Url};

use crate::options::Options;

const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1000,800",
    // Exposes the garbage collector and makes collections between measurements rare.
    "--js-flags=--expose-gc",
    "--disable-extensions",
];

pub(crate) struct Browser {
    process: Child,
    client: Client,
}

/// The browser's metrics of a page's main thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metrics {
    /// CPU time in tasks, in µs.
    pub(crate) cpu_us: f64,
    /// The size of the JavaScript heap, in bytes.
    pub(crate) heap: f64,
}

impl Browser {
    pub(crate) async fn start(options: &Options) -> Result<Self> {
        let (process, port) = start_driver(options).await?;
        let capabilities = json!({ "goog:chromeOptions": { "binary": options.chromium, "args": ARGUMENTS } });
        let Value::Object(capabilities) = capabilities else { bail!("no capabilities") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("starting the browser")?;
        let patience = Some(Duration::from_secs(300));
        client.update_timeouts(TimeoutConfiguration::new(patience, patience, None)).await?;
        Ok(Self { process, client })
    }

    pub(crate) async fn close(mut self) {
        let closed = timeout(Duration::from_secs(15), self.client.close()).await;
        if !matches!(closed, Ok(Ok(()))) {
            eprintln!("the browser did not close");
        }
        self.process.start_kill().ok();
        self.process.wait().await.ok();
    }

    /// Loads a page in the active tab and waits for it.
    pub(crate) async fn open(&self, url: &str) -> Result<()> {
        self.devtools("Runtime.enable", json!({})).await?;
        self.client.goto(url).await.with_context(|| format!("opening {url}"))?;
        self.disable_runtime().await
    }

    /// Runs a command in the page, and waits for its result.
    pub(crate) async fn run(&self, command: &str, args: Value) -> Result<Value> {
        const SCRIPT: &str = "const [command, args, done] = arguments;\
            const wait = () => window.bench ? window.bench(command, ...args) : new Promise((go) => setTimeout(go, 5)).then(wait);\
            wait().then((value) => done({ value }), (error) => done({ error: String(error) }));";
        let response = self.client.execute_async(SCRIPT, vec![json!(command), args]).await;
        let response = response.with_context(|| format!("running {command} in the page"))?;
        match response["error"].as_str() {
            Some(error) => Err(anyhow!("{command}: {error}")),
            None => Ok(response["value"].clone()),
        }
    }

    /// Runs a function of the contender. Returns its time in ms.
    pub(crate) async fn timed(&self, method: &str, args: &[Value], good: u32) -> Result<f64> {
        let all: Vec<Value> = [json!(method)].into_iter().chain(args.iter().cloned()).collect();
        took(method, &self.run("timed", Value::Array(all)).await?, good)
    }

    /// Runs a function in other tabs. Returns the time until the last one has ended, in ms.
    pub(crate) async fn ask(&self, tabs: &[String], method: &str, args: &[Value], good: u32) -> Result<f64> {
        let all: Vec<Value> = [json!(tabs), json!(method)].into_iter().chain(args.iter().cloned()).collect();
        took(method, &self.run("ask", Value::Array(all)).await?, good)
    }

    /// CPU time and memory of the page. With `clean`, it collects garbage first.
    pub(crate) async fn metrics(&self, clean: bool) -> Result<Metrics> {
        if clean {
            for _ in 0..3 {
                self.devtools("HeapProfiler.collectGarbage", json!({})).await?;
            }
        }
        let response = self.devtools("Performance.getMetrics", json!({})).await?;
        let metric = |name: &str| {
            let all = response["metrics"].as_array().into_iter().flatten();
            all.filter(|metric| metric["name"] == name).find_map(|metric| metric["value"].as_f64())
        };
        Ok(Metrics {
            cpu_us: metric("TaskDuration").context("the browser reports no CPU time")? * 1e6,
            heap: metric("JSHeapUsedSize").context("the browser reports no heap size")?,
        })
    }

    /// Switches the metrics of this tab to CPU time.
    pub(crate) async fn count_cpu(&self) -> Result<()> {
        self.devtools("Performance.disable", json!({})).await?;
        self.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" })).await.map(drop)
    }

    /// ChromeDriver enables the `Runtime` domain, which it needs only to open a page. While it is enabled, many browser
    /// functions walk the call stack: `document.cookie` then takes 7 µs below ten callers and 21 µs below fifty,
    /// instead of 2.5 µs.
    async fn disable_runtime(&self) -> Result<()> {
        self.devtools("Runtime.disable", json!({})).await.map(drop)
    }

    pub(crate) async fn clear_cookies(&self) -> Result<()> {
        self.devtools("Network.clearBrowserCookies", json!({})).await.map(drop)
    }

    pub(crate) async fn this_tab(&self) -> Result<WindowHandle> {
        Ok(self.client.window().await?)
    }

    /// Opens a new tab and activates it.
    pub(crate) async fn new_tab(&self) -> Result<WindowHandle> {
        let tab = self.client.new_window(true).await?.handle;
        self.client.switch_to_window(tab.clone()).await?;
        Ok(tab)
    }

    /// Closes all other tabs.
    pub(crate) async fn close_others(&self, keep: &WindowHandle) -> Result<()> {
        for tab in self.client.windows().await? {
            if tab != *keep {
                self.client.switch_to_window(tab).await?;
                self.client.close_window().await?;
            }
        }
        self.client.switch_to_window(keep.clone()).await?;
        Ok(())
    }

    /// The browser's name and version.
    pub(crate) async fn version(&self) -> Result<String> {
        let response = self.devtools("Browser.getVersion", json!({})).await?;
        Ok(response["product"].as_str().unwrap_or("browser").replace('/', " "))
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let parameters = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Devtools(parameters)).await.with_context(|| format!("running {command}"))
    }
}

fn took(what: &str, response: &Value, good: u32) -> Result<f64> {
    if response["good"] != json!(good) {
        bail!("{what}: {} responses were good, not {good}", response["good"]);
    }
    response["ms"].as_f64().context("the page reports no time")
}

async fn start_driver(options: &Options) -> Result<(Child, u16)> {
    let mut process = Command::new(&options.chromedriver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting {}", options.chromedriver.display()))?;
    let stdout = process.stdout.take().context("the driver has no output")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        let port =
            line.rsplit_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
        if let Some(port) = port.and_then(|port| port.trim().parse().ok()) {
            // The driver writes nothing after this, so the pipe can't fill up.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((process, port));
        }
    }
    bail!("the driver ended without reporting a port")
}

#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}
