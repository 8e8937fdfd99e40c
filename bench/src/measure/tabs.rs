//! Measurements in several tabs. The measured tabs stay in the background, and the active tab sends them commands.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::time::sleep;

use super::{Bench, Opened};
use crate::contender::{self, Contender, OURS};
use crate::rows::KINDS;
use crate::server::PATH;

const EACH: u32 = 20;

pub(super) async fn many(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    for count in [5, 12] {
        let names = open(bench, who, count).await?;
        // At the first expiry, all tabs compile their code at once, so it has a row of its own.
        let mut first = Some("first");
        for (kind, known) in KINDS {
            let again = u32::from(first.is_some());
            for _ in 0..again + bench.options.times(4) {
                bench.expire(known).await?;
                let args = [json!(PATH), json!(EACH)];
                let ms = bench.browser.ask(&names, "parallel", &args, EACH * count).await?;
                let kind = first.take().unwrap_or(kind);
                bench.samples.add(&format!("tabs{count}-{kind}"), who.name, ms);
                let refreshes = bench.server.calls().refreshes as f64;
                bench.samples.add(&format!("tabs{count}-refreshes"), who.name, refreshes);
            }
        }
        close(bench).await?;
    }
    Ok(())
}

/// Counts the extra refreshes of many expiries, each of which five tabs notice at the same time.
pub(super) async fn expiries(bench: &mut Bench<'_>) -> Result<()> {
    const TABS: u32 = 5;
    const CALLS: u32 = 4;
    let ours =
        contender::ALL.into_iter().find(|who| who.name == OURS).context("there is no contender of ours")?;
    let names = open(bench, ours, TABS).await?;
    let many = bench.options.count(1_000);
    let mut doubles = 0;
    for n in 0..many {
        bench.expire(n % 2 == 0).await?;
        let ms = bench.browser.ask(&names, "parallel", &[json!(PATH), json!(CALLS)], TABS * CALLS).await?;
        bench.samples.add("expiries-each", OURS, ms);
        let refreshes = bench.server.calls().refreshes;
        ensure!(refreshes > 0, "no tab has refreshed");
        doubles += refreshes - 1;
    }
    bench.samples.add("expiries", OURS, f64::from(many));
    bench.samples.add("expiries-doubles", OURS, doubles as f64);
    bench.samples.add("expiries-thefts", OURS, bench.server.thefts() as f64);
    close(bench).await
}

/// Measures a background tab, whose timers the browser throttles.
pub(super) async fn hidden(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    let names = open(bench, who, 1).await?;
    let hidden = bench.browser.ask(&names, "hidden", &[], 1).await;
    ensure!(hidden.is_ok(), "the tab in the background is not hidden");
    // The browser throttles timers some time after it hides a tab.
    sleep(Duration::from_secs(2)).await;
    // The first expiry in a page includes compilation, and would distort the few samples.
    for (what, count, times) in [("hidden", 1, 8), ("hidden-burst", 20, 3)] {
        for (kind, known) in KINDS {
            for _ in 0..bench.options.times(times) {
                bench.expire(known).await?;
                let ms = bench.browser.ask(&names, "parallel", &[json!(PATH), json!(count)], count).await?;
                bench.samples.add(&format!("{what}-{kind}"), who.name, ms);
            }
        }
    }
    close(bench).await
}

async fn open(bench: &mut Bench<'_>, who: Contender, count: u32) -> Result<Vec<String>> {
    bench.sign_in(false).await?;
    let mut names = Vec::new();
    for n in 0..count {
        if n > 0 {
            bench.browser.new_tab().await?;
        }
        let name = format!("tab{n}");
        bench.browser.open(&bench.page(who.name, Opened::default(), &name)).await?;
        bench.browser.run("started", json!([])).await?;
        names.push(name);
    }
    bench.browser.new_tab().await?;
    bench.browser.open(&bench.page("", Opened::default(), "control")).await?;
    bench.browser.ask(&names, "get", &[json!(PATH), json!(1)], count).await?;
    Ok(names)
}

async fn close(bench: &mut Bench<'_>) -> Result<()> {
    ensure!(bench.server.thefts() == 0 || bench.options.quick, "a refresh token was used twice");
    let front = bench.browser.this_tab().await?;
    bench.browser.close_others(&front).await
}
