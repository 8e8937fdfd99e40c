//! Measurements in one tab: the start, requests, reads of the session, and the lock.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{Bench, Opened, is_api_url};
use crate::contender::{Contender, GLOO};
use crate::rows::KINDS;
use crate::server::PATH;

pub(super) async fn start(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    for _ in 0..3 {
        let started = bench.open(who.name, Opened::default()).await?;
        for what in ["init", "known"] {
            let ms = started[what].as_f64().context("the page reports no time")?;
            bench.samples.add(&format!("start-{what}"), who.name, ms);
        }
    }
    Ok(())
}

/// Measures the contender's own work with a stub that responds at once.
pub(super) async fn stubbed(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    for (mode, header_mode) in [("cookie", false), ("header", true)] {
        if header_mode && who.name == GLOO {
            continue;
        }
        bench.open(who.name, Opened { header_mode, stub: true }).await?;
        let count = bench.options.count(2_000);
        // The first loops only let the browser compile the code.
        bench.cost("get", &[json!(PATH), json!(count)], count).await?;
        for _ in 0..2 {
            let (cpu, wall) = bench.cost("get", &[json!(PATH), json!(count)], count).await?;
            bench.samples.add(&format!("stub-cpu-{mode}"), who.name, cpu);
            bench.samples.add(&format!("stub-wall-{mode}"), who.name, wall);
        }
    }
    Ok(())
}

pub(super) async fn sent(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    bench.open(who.name, Opened::default()).await?;
    let count = bench.options.count(300);
    bench.cost("get", &[json!(PATH), json!(count)], count).await?;
    for _ in 0..2 {
        let (cpu, wall) = bench.cost("get", &[json!(PATH), json!(count)], count).await?;
        bench.samples.add("sent-cpu", who.name, cpu);
        bench.samples.add("sent-wall", who.name, wall);
    }
    Ok(())
}

pub(super) async fn after_expiry(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    bench.open(who.name, Opened::default()).await?;
    bench.browser.timed("get", &[json!(PATH), json!(5)], 5).await?;
    for (delay, times) in [(0, 8), (30, 4), (100, 3)] {
        for (kind, known) in KINDS {
            // Plain fetch does not read the front token, so both kinds are the same.
            if known && !who.reads_expiry {
                continue;
            }
            for _ in 0..bench.options.times(times) {
                bench.server.delay(Duration::from_millis(delay));
                bench.expire(known).await?;
                let ms = bench.browser.timed("get", &[json!(PATH), json!(1)], 1).await?;
                let calls = bench.server.calls();
                bench.samples.add(&format!("expired-{kind}-{delay}"), who.name, ms);
                if delay == 0 {
                    let trips = calls.requests + calls.refreshes;
                    bench.samples.add(&format!("trips-{kind}"), who.name, trips as f64);
                }
            }
        }
    }
    bench.server.delay(Duration::ZERO);
    ensure!(bench.server.thefts() == 0, "a refresh token was used twice");
    Ok(())
}

pub(super) async fn burst(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    const MANY: u32 = 100;
    bench.open(who.name, Opened::default()).await?;
    bench.browser.timed("parallel", &[json!(PATH), json!(MANY)], MANY).await?;
    for (kind, known) in KINDS {
        if known && !who.reads_expiry {
            continue;
        }
        for _ in 0..bench.options.times(3) {
            bench.expire(known).await?;
            let ms = bench.browser.timed("parallel", &[json!(PATH), json!(MANY)], MANY).await?;
            bench.samples.add(&format!("burst-{kind}"), who.name, ms);
            bench.samples.add("burst-refreshes", who.name, bench.server.calls().refreshes as f64);
        }
    }
    Ok(())
}

pub(super) async fn lock(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    bench.open(who.name, Opened::default()).await?;
    let mut methods = vec!["lock"];
    if is_api_url(who) {
        methods.push("storage_lock");
    }
    for method in methods {
        for (kind, contended) in [("free", false), ("contended", true)] {
            let slow = who.name == crate::contender::SDK || method == "storage_lock";
            let count = bench.options.count(if slow { 10 } else { 200 });
            bench.browser.timed(method, &[json!(1), json!(contended)], 1).await?;
            let ms = bench.browser.timed(method, &[json!(count), json!(contended)], count).await?;
            bench.samples.add(&format!("{method}-{kind}"), who.name, ms / f64::from(count));
        }
    }
    Ok(())
}

/// Measures reads without a request, with a small payload and with the largest that every contender can store.
pub(super) async fn reads(bench: &mut Bench<'_>, who: Contender) -> Result<()> {
    bench.open(who.name, Opened::default()).await?;
    for (size, bytes) in [("small", 0), ("large", 2_900)] {
        let bytes = bench.browser.run("grow", json!([bytes])).await?.as_f64().unwrap_or_default();
        bench.samples.add(&format!("payload-bytes-{size}"), who.name, bytes);
        for method in ["exists", "payload"] {
            let count = bench.options.count(2_000);
            bench.cost(method, &[json!(count)], count).await?;
            let (cpu, _) = bench.cost(method, &[json!(count)], count).await?;
            bench.samples.add(&format!("{method}-{size}"), who.name, cpu);
        }
    }
    Ok(())
}
