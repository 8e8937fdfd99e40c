//! Measurements of Leptos: signals, gates, and the memory that a dropped provider leaves behind.

use anyhow::{Context, Result};
use serde_json::json;

use super::{Bench, Opened, memory};
use crate::contender::OURS;

pub(super) async fn signals(bench: &mut Bench<'_>) -> Result<()> {
    bench.open("views", Opened::default()).await?;
    let reads = bench.options.count(1_000_000);
    for _ in 0..3 {
        let ms = bench.browser.run("timed", json!(["signals", reads])).await?;
        let ms = ms["good"].as_f64().context("no time")?;
        bench.samples.add("signal-read", OURS, ms * 1e6);
    }
    let times = bench.browser.run("timed", json!(["gates", 1_000, 5])).await?;
    let times: Vec<f64> =
        times["good"].as_array().into_iter().flatten().filter_map(|ms| ms.as_f64()).collect();
    let (built, changes) = times.split_first().context("no time")?;
    bench.samples.add("gates-built", OURS, *built);
    for ms in changes {
        bench.samples.add("gates-change", OURS, *ms);
    }

    let mounts = bench.options.count(1_000);
    bench.browser.run("timed", json!(["mounts", mounts])).await?;
    let (before, wasm_before) = memory::state(bench).await?;
    bench.browser.run("timed", json!(["mounts", mounts])).await?;
    let (after, wasm_after) = memory::state(bench).await?;
    bench.samples.add("mounts-heap", OURS, (after.heap - before.heap) / f64::from(mounts));
    bench.samples.add("mounts-wasm", OURS, (wasm_after - wasm_before) / f64::from(mounts));
    Ok(())
}
