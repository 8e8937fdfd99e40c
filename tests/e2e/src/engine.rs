//! The browser engines, and the settings of each.

use std::path::Path;

use serde_json::{Value, json};

/// The engine of the pages. `xtask/src/skips.rs` lists the stories that an engine can't run, with the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK, in its own small browser.
    Webkit,
}

const CHROMIUM_ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1200,1000",
    // The hosts of stories about subdomains.
    "--host-resolver-rules=MAP example.test 127.0.0.1, MAP *.example.test 127.0.0.1",
];

/// The same hosts for Firefox, which has no pattern for them.
const LOCAL_HOSTS: &str = "example.test,a.example.test,b.example.test,api.example.test";

const FIREFOX_ARGUMENTS: [&str; 3] = ["-headless", "--width=1200", "--height=1000"];

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Chromium, Self::Firefox, Self::Webkit].into_iter().find(|engine| engine.name() == name)
    }

    /// The arguments of the driver; the port is 0 if it can choose one.
    pub(crate) fn driver_arguments(self, port: u16) -> Vec<String> {
        let port = format!("--port={port}");
        match self {
            // Otherwise the second port is fixed, and two drivers would conflict.
            Self::Firefox => vec![port, "--websocket-port=0".to_owned()],
            Self::Chromium | Self::Webkit => vec![port],
        }
    }

    /// The text before the port in the driver's output; `None` if it prints no port.
    pub(crate) fn says_before_port(self) -> Option<&'static str> {
        match self {
            Self::Chromium => Some("started successfully on port "),
            Self::Firefox => Some("Listening on 127.0.0.1:"),
            Self::Webkit => None,
        }
    }

    /// The capabilities of the session.
    pub(crate) fn capabilities(self, browser: Option<&Path>) -> Value {
        let mut options = json!({});
        if let Some(browser) = browser {
            options["binary"] = json!(browser);
        }
        match self {
            Self::Chromium => {
                options["args"] = json!(CHROMIUM_ARGUMENTS);
                json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } })
            }
            Self::Firefox => {
                options["args"] = json!(FIREFOX_ARGUMENTS);
                options["prefs"] = json!({ "network.dns.localDomains": LOCAL_HOSTS });
                json!({ "moz:firefoxOptions": options })
            }
            // Its driver finds its browser.
            Self::Webkit => json!({}),
        }
    }
}
