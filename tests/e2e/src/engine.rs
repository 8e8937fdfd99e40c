//! The browser engines, and what each wants to be told.

use std::path::Path;

use serde_json::{Value, json};

/// What renders the pages. Where a story can't be played by one, `xtask/src/skips.rs` names it and says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK, by way of its own small browser.
    Webkit,
}

const CHROMIUM_ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1200,1000",
];

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

    /// What the driver is started with; the port is 0 where it can choose one by itself.
    pub(crate) fn driver_arguments(self, port: u16) -> Vec<String> {
        let port = format!("--port={port}");
        match self {
            // The second port is fixed otherwise, and two drivers would quarrel about it.
            Self::Firefox => vec![port, "--websocket-port=0".to_owned()],
            Self::Chromium | Self::Webkit => vec![port],
        }
    }

    /// What the driver says right before its port; none where it says nothing.
    pub(crate) fn says_before_port(self) -> Option<&'static str> {
        match self {
            Self::Chromium => Some("started successfully on port "),
            Self::Firefox => Some("Listening on 127.0.0.1:"),
            Self::Webkit => None,
        }
    }

    /// What the session is asked for.
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
                json!({ "moz:firefoxOptions": options })
            }
            // Its driver knows the browser that belongs to it.
            Self::Webkit => json!({}),
        }
    }
}
