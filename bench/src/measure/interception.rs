//! The cost that interception adds to the page's requests, to the API and to other hosts.

use anyhow::Result;
use serde_json::json;

use super::{Bench, Opened};
use crate::contender::INTERCEPTED;
use crate::server::PATH;

/// A URL outside the API. Only the stub responds to it.
const FOREIGN: &str = "https://other.example.com/orders";

/// The same server, which the settings exclude from interception.
const LEFT_ALONE: &str = "/api/orders?superTokensDoNotDoInterception";

pub(super) async fn cost(bench: &mut Bench<'_>) -> Result<()> {
    for (what, stub, method, foreign, count) in [
        ("fetch-stub", true, "get", FOREIGN, 2_000),
        ("fetch-sent", false, "get", LEFT_ALONE, 300),
        ("xhr-sent", false, "xhr", LEFT_ALONE, 300),
    ] {
        bench.open(INTERCEPTED, Opened { stub, ..Opened::default() }).await?;
        let count = bench.options.count(count);
        // The first calls only let the browser compile the code.
        for is_counted in [false, true, true] {
            for (whose, url) in [("own", PATH), ("foreign", foreign)] {
                let mut costs = [0.0; 2];
                for (cost, on) in costs.iter_mut().zip([false, true]) {
                    bench.browser.run("timed", json!(["intercept", on])).await?;
                    *cost = bench.cost(method, &[json!(url), json!(count)], count).await?.0;
                }
                let [bare, intercepted] = costs;
                if is_counted {
                    let what = format!("intercept-{what}-{whose}");
                    bench.samples.add(&what, INTERCEPTED, intercepted - bare);
                    bench.samples.add(&format!("{what}-ratio"), INTERCEPTED, intercepted / bare);
                }
            }
        }
    }
    Ok(())
}
