//! The measurements.

mod interception;
mod memory;
mod requests;
mod tabs;
mod views;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::contender::{self, Contender, INTERCEPTED, OURS};
use crate::options::Options;
use crate::samples::Samples;
use crate::server::Server;

/// The context of a measurement.
struct Bench<'a> {
    browser: &'a Browser,
    server: &'a Server,
    options: &'a Options,
    samples: &'a mut Samples,
}

/// How a contender's page is opened.
#[derive(Debug, Clone, Copy, Default)]
struct Opened {
    header_mode: bool,
    /// Whether the page responds to requests itself, at once.
    stub: bool,
}

/// Runs all selected measurements.
pub(crate) async fn all(
    browser: &mut Browser,
    server: &Server,
    options: &Options,
    samples: &mut Samples,
) -> Result<()> {
    let mut bench = Bench { browser, server, options, samples };
    for round in 0..options.rounds {
        for who in contender::rotated(round) {
            eprintln!("round {} of {}: {}", round + 1, options.rounds, who.name);
            bench.round(who).await.with_context(|| format!("measuring {}", who.name))?;
        }
    }
    if options.wants("memory") {
        for who in contender::ALL {
            eprintln!("memory: {}", who.name);
            memory::after_many_requests(&mut bench, who).await.with_context(|| who.name)?;
        }
    }
    if options.asks_for("expiries") {
        eprintln!("expiries");
        tabs::expiries(&mut bench).await.context("expiries")?;
    }
    if options.wants("reads") {
        views::signals(&mut bench).await.context("views")?;
    }
    Ok(())
}

impl Bench<'_> {
    async fn round(&mut self, who: Contender) -> Result<()> {
        if self.options.wants("start") {
            requests::start(self, who).await?;
        }
        if self.options.wants("requests") {
            requests::stubbed(self, who).await?;
            requests::sent(self, who).await?;
        }
        if who.name == INTERCEPTED && self.options.wants("interception") {
            interception::cost(self).await?;
        }
        if who.refreshes && self.options.wants("expiry") {
            requests::after_expiry(self, who).await?;
        }
        if who.refreshes && self.options.wants("burst") {
            requests::burst(self, who).await?;
        }
        if who.has_session && self.options.wants("lock") {
            requests::lock(self, who).await?;
        }
        if who.has_session && self.options.wants("reads") {
            requests::reads(self, who).await?;
        }
        if who.has_session && self.options.wants("tabs") {
            tabs::many(self, who).await?;
            tabs::hidden(self, who).await?;
        }
        Ok(())
    }

    /// Creates a session and opens the contender's page. Returns the times of its start.
    async fn open(&self, who: &str, opened: Opened) -> Result<Value> {
        self.sign_in(opened.header_mode).await?;
        self.browser.open(&self.page(who, opened, "")).await?;
        self.browser.count_cpu().await?;
        self.browser.run("started", json!([])).await
    }

    async fn sign_in(&self, header_mode: bool) -> Result<()> {
        self.browser.open(&self.page("", Opened { header_mode, stub: false }, "control")).await?;
        self.browser.clear_cookies().await?;
        let status = self.browser.run("signIn", json!([])).await?;
        anyhow::ensure!(status == json!("OK"), "signing in: {status}");
        Ok(())
    }

    fn page(&self, who: &str, opened: Opened, tab: &str) -> String {
        let mode = if opened.header_mode { "header" } else { "cookie" };
        let stub = if opened.stub { "&stub" } else { "" };
        format!("{}/?contender={who}&mode={mode}&tab={tab}{stub}", self.server.url())
    }

    /// The average CPU time of the page's thread and the average wall time of one call, in µs.
    async fn cost(&self, method: &str, args: &[Value], count: u32) -> Result<(f64, f64)> {
        let before = self.browser.metrics(false).await?;
        let ms = self.browser.timed(method, args, count).await?;
        let after = self.browser.metrics(false).await?;
        Ok(((after.cpu_us - before.cpu_us) / f64::from(count), ms * 1000.0 / f64::from(count)))
    }

    /// Expires the access token on the server and, with `in_front_token`, in the front token too.
    async fn expire(&self, in_front_token: bool) -> Result<()> {
        if in_front_token {
            self.browser.run("age", json!([])).await?;
        }
        self.server.expire();
        Ok(())
    }
}

fn is_api_url(who: Contender) -> bool {
    who.name == OURS
}
