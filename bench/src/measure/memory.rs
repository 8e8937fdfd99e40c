//! The memory that requests leave behind.

use anyhow::{Context, Result};
use serde_json::json;

use super::{Bench, Opened};
use crate::browser::Metrics;
use crate::contender::Contender;
use crate::server::PATH;

/// Measures the memory after ten thousand requests and a garbage collection.
pub(super) async fn after_many_requests(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    bench.open(who.name, Opened::default()).await?;
    let few = 200;
    bench.browser.timed("get", &[json!(PATH), json!(few)], few).await?;
    let (before, wasm_before) = state(bench).await?;
    let many = bench.options.count(10_000);
    bench.browser.timed("get", &[json!(PATH), json!(many)], many).await?;
    let (after, wasm_after) = state(bench).await?;
    bench.samples.add("memory-heap", who.name, after.heap / 1024.0);
    bench.samples.add("memory-growth", who.name, (after.heap - before.heap) / 1024.0);
    if wasm_after > 0.0 {
        bench.samples.add("memory-wasm", who.name, wasm_after / 1024.0);
        bench.samples.add("memory-wasm-growth", who.name, (wasm_after - wasm_before) / 1024.0);
    }
    Ok(())
}

/// The sizes of the JavaScript heap and of the wasm memory, in bytes.
pub(super) async fn state(bench: &Bench<'_>) -> Result<(Metrics, f64)> {
    let wasm = bench.browser.run("wasm", json!([])).await?.as_f64().context("no memory size")?;
    Ok((bench.browser.metrics(true).await?, wasm))
}
