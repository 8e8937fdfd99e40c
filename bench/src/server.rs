//! The API, which also serves the pages.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use backend::Controls;

/// The path of the measured requests.
pub(crate) const PATH: &str = "/api/orders";
const REFRESH: &str = "/auth/session/refresh";

pub(crate) struct Server(backend::Server);

/// The number of requests that the server received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) requests: usize,
    pub(crate) refreshes: usize,
}

impl Server {
    pub(crate) async fn start(site: &Path) -> Result<Self> {
        let options = backend::Options {
            dist: Some(site.to_owned()),
            test_controls: true,
            seed_demo_users: true,
            ..backend::Options::default()
        };
        Ok(Self(backend::spawn(options).await.context("starting the API")?))
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Expires all access tokens and resets the counts.
    pub(crate) fn expire(&self) {
        self.controls().expire_all();
        self.controls().reset_calls();
    }

    /// Delays each response, including those of refreshes.
    pub(crate) fn delay(&self, delay: Duration) {
        for path in [PATH, REFRESH] {
            self.controls().delay(path, delay);
        }
    }

    pub(crate) fn calls(&self) -> Calls {
        let controls = self.controls();
        Calls { requests: controls.calls("GET", PATH), refreshes: controls.calls("POST", REFRESH) }
    }

    pub(crate) fn thefts(&self) -> usize {
        self.controls().thefts()
    }

    fn controls(&self) -> Controls {
        self.0.controls()
    }
}
