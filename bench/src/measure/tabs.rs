//! More than one tab. Those that are measured stay in the background, and are asked from the one in front.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::time::sleep;

use super::{Bench, Opened};
use crate::contender::Contender;
use crate::rows::KINDS;
use crate::server::PATH;

const EACH: u32 = 20;

pub(super) async fn many(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    for count in [5, 12] {
        let names = open(bench, who, count).await?;
        for (kind, known) in KINDS {
            for _ in 0..bench.options.times(2) {
                bench.expire(known).await?;
                let args = [json!(PATH), json!(EACH)];
                let ms = bench.browser.ask(&names, "parallel", &args, EACH * count).await?;
                bench.samples.add(&format!("tabs{count}-{kind}"), who.name, ms);
                let refreshes = bench.server.calls().refreshes as f64;
                bench.samples.add(&format!("tabs{count}-refreshes"), who.name, refreshes);
            }
        }
        close(bench).await?;
    }
    Ok(())
}

/// A tab behind another one, whose timers the browser slows down.
pub(super) async fn hidden(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    let names = open(bench, who, 1).await?;
    let hidden = bench.browser.ask(&names, "hidden", &[], 1).await;
    ensure!(hidden.is_ok(), "the tab in the background is not hidden");
    // Timers are slowed down some time after a tab was hidden.
    sleep(Duration::from_secs(2)).await;
    for (what, count) in [("hidden", 1), ("hidden-burst", 20)] {
        for (kind, known) in KINDS {
            for _ in 0..bench.options.times(2) {
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
