//! The rows of the report, in order.

use crate::contender::{FLOOR, INTERCEPTED, OURS, PLAIN};

/// An expiry that only the server knows, and one that the front token says too.
pub(crate) const KINDS: [(&str, bool); 2] = [("401", false), ("ate", true)];

/// A row of the report.
pub(crate) struct Row {
    /// The name of the measurement.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) unit: Unit,
    /// The contender that ours is compared with.
    pub(crate) base: &'static str,
    /// Whether the plot shows it too.
    pub(crate) plotted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Ms,
    Us,
    Ns,
    KiB,
    Bytes,
    /// A multiple of another contender.
    Ratio,
    /// A count. The report shows the largest sample.
    Times,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ms => "ms",
            Self::Us => "µs",
            Self::Ns => "ns",
            Self::KiB => "KiB",
            Self::Bytes => "bytes",
            Self::Ratio => "times",
            Self::Times => "",
        }
    }
}

const fn row(name: &'static str, label: &'static str, unit: Unit, base: &'static str) -> Row {
    Row { name, label, unit, base, plotted: false }
}

const fn plotted(name: &'static str, label: &'static str, unit: Unit) -> Row {
    Row { name, label, unit, base: FLOOR, plotted: true }
}

/// The sections of the report.
pub(crate) const SECTIONS: [(&str, &[Row]); 8] = [
    (
        "Start",
        &[
            plotted("start-init", "init", Unit::Ms),
            row("start-known", "navigation to session known (or to the script's start)", Unit::Ms, FLOOR),
        ],
    ),
    (
        "One authenticated GET",
        &[
            plotted("stub-cpu-cookie", "CPU of a GET, fetch stubbed, cookie mode", Unit::Us),
            row("stub-cpu-header", "CPU, fetch stubbed, header mode", Unit::Us, PLAIN),
            row("stub-wall-cookie", "time, fetch stubbed, cookie mode", Unit::Us, PLAIN),
            row("stub-wall-header", "time, fetch stubbed, header mode", Unit::Us, PLAIN),
            row("sent-cpu", "CPU, over the network", Unit::Us, PLAIN),
            row("sent-wall", "time, over the network", Unit::Us, PLAIN),
        ],
    ),
    (
        "What interception adds to a call of the page, against the bare call, CPU",
        &[
            row("intercept-fetch-stub-own", "fetch of the API, stubbed, more", Unit::Us, INTERCEPTED),
            row("intercept-fetch-stub-own-ratio", "the same", Unit::Ratio, INTERCEPTED),
            row(
                "intercept-fetch-stub-foreign",
                "fetch of another host, stubbed, more",
                Unit::Us,
                INTERCEPTED,
            ),
            row("intercept-fetch-stub-foreign-ratio", "the same", Unit::Ratio, INTERCEPTED),
            row(
                "intercept-fetch-sent-own",
                "fetch of the API, over the network, more",
                Unit::Us,
                INTERCEPTED,
            ),
            row("intercept-fetch-sent-own-ratio", "the same", Unit::Ratio, INTERCEPTED),
            row(
                "intercept-fetch-sent-foreign",
                "fetch left alone, over the network, more",
                Unit::Us,
                INTERCEPTED,
            ),
            row("intercept-fetch-sent-foreign-ratio", "the same", Unit::Ratio, INTERCEPTED),
            row(
                "intercept-xhr-sent-own",
                "XMLHttpRequest of the API, over the network, more",
                Unit::Us,
                INTERCEPTED,
            ),
            row("intercept-xhr-sent-own-ratio", "the same", Unit::Ratio, INTERCEPTED),
            row(
                "intercept-xhr-sent-foreign",
                "XMLHttpRequest left alone, over the network, more",
                Unit::Us,
                INTERCEPTED,
            ),
            row("intercept-xhr-sent-foreign-ratio", "the same", Unit::Ratio, INTERCEPTED),
        ],
    ),
    (
        "From an expired token to the final 200",
        &[
            row("trips-401", "round trips, only the server knows", Unit::Times, FLOOR),
            row("trips-ate", "round trips, the front token says so", Unit::Times, FLOOR),
            plotted("expired-401-0", "expired: only the server knows, no delay", Unit::Ms),
            plotted("expired-ate-0", "expired: the front token says so, no delay", Unit::Ms),
            row("expired-401-30", "expired: only the server knows, 30 ms per response", Unit::Ms, FLOOR),
            row("expired-ate-30", "expired: the front token says so, 30 ms per response", Unit::Ms, FLOOR),
            row("expired-401-100", "expired: only the server knows, 100 ms per response", Unit::Ms, FLOOR),
            plotted("expired-ate-100", "expired: the front token says so, 100 ms per response", Unit::Ms),
            plotted("hidden-401", "hidden tab, only the server knows", Unit::Ms),
            row("hidden-ate", "hidden tab, the front token says so", Unit::Ms, FLOOR),
        ],
    ),
    (
        "Many at once",
        &[
            plotted("burst-401", "100 requests, only the server knows", Unit::Ms),
            plotted("burst-ate", "100 requests, the front token says so", Unit::Ms),
            row("burst-refreshes", "refreshes of a burst, at most", Unit::Times, FLOOR),
            row("hidden-burst-401", "20 requests in a hidden tab, only the server knows", Unit::Ms, FLOOR),
            row("hidden-burst-ate", "20 requests in a hidden tab, the front token says so", Unit::Ms, FLOOR),
            plotted("tabs5-401", "5 tabs x 20, only the server knows", Unit::Ms),
            row("tabs5-first", "5 tabs x 20, only the server knows, their first expiry", Unit::Ms, FLOOR),
            row("tabs5-ate", "5 tabs x 20, the front token says so", Unit::Ms, FLOOR),
            row("tabs5-refreshes", "refreshes of 5 tabs, at most", Unit::Times, FLOOR),
            row("tabs12-401", "12 tabs x 20, only the server knows", Unit::Ms, FLOOR),
            row("tabs12-first", "12 tabs x 20, only the server knows, their first expiry", Unit::Ms, FLOOR),
            row("tabs12-ate", "12 tabs x 20, the front token says so", Unit::Ms, FLOOR),
            row("tabs12-refreshes", "refreshes of 12 tabs, at most", Unit::Times, FLOOR),
            row("expiries", "expiries over 5 tabs, 4 requests in each", Unit::Times, OURS),
            row("expiries-doubles", "of these, refreshes that were one too many", Unit::Times, OURS),
            row("expiries-thefts", "of these, refresh tokens that were used twice", Unit::Times, OURS),
            row("expiries-each", "from each to the last 200", Unit::Ms, OURS),
        ],
    ),
    (
        "The lock, taken and released",
        &[
            plotted("lock-free", "the lock, free", Unit::Ms),
            row("lock-contended", "the lock, all at once, each", Unit::Ms, FLOOR),
            row("storage_lock-free", "our lock without Web Locks, free", Unit::Ms, OURS),
            row("storage_lock-contended", "our lock without Web Locks, all at once, each", Unit::Ms, OURS),
        ],
    ),
    (
        "Queries without a request",
        &[
            row("payload-bytes-small", "the small payload", Unit::Bytes, FLOOR),
            row("payload-bytes-large", "the large payload", Unit::Bytes, FLOOR),
            plotted("exists-small", "does a session exist, small payload, CPU", Unit::Us),
            row("exists-large", "does a session exist, large payload, CPU", Unit::Us, FLOOR),
            row("payload-small", "the payload, small, CPU", Unit::Us, FLOOR),
            plotted("payload-large", "the payload, large, CPU", Unit::Us),
            row("signal-read", "a signal's read", Unit::Ns, OURS),
            row("gates-built", "1 000 gates, built", Unit::Ms, OURS),
            row("gates-change", "1 000 gates, on a change of the payload", Unit::Ms, OURS),
        ],
    ),
    (
        "Memory",
        &[
            row("memory-heap", "JavaScript heap after 10 000 requests", Unit::KiB, PLAIN),
            row("memory-growth", "of that, grown since the first 200", Unit::KiB, PLAIN),
            row("memory-wasm", "wasm memory after 10 000 requests", Unit::KiB, OURS),
            row("memory-wasm-growth", "of that, grown since the first 200", Unit::KiB, OURS),
            row("mounts-heap", "left of a provider that came and went, JavaScript heap", Unit::Bytes, OURS),
            row("mounts-wasm", "left of a provider that came and went, wasm memory", Unit::Bytes, OURS),
        ],
    ),
];
