//! The options that `cargo xtask bench` passes.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use lexopt::Arg::Long;
use lexopt::ValueExt;

/// The groups of measurements, by their names for `--only`.
pub(crate) const GROUPS: [&str; 9] =
    ["start", "requests", "interception", "expiry", "burst", "tabs", "lock", "reads", "memory"];

/// Groups that take minutes. They run only if `--only` names them.
const LONG: [&str; 1] = ["expiries"];

pub(crate) struct Options {
    /// The built pages.
    pub(crate) site: PathBuf,
    /// A file with the size of each bundle.
    pub(crate) sizes: PathBuf,
    /// The folder for the results.
    pub(crate) out: PathBuf,
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) rounds: usize,
    /// Whether to take few samples, as a check that the benchmark works.
    pub(crate) quick: bool,
    /// The groups to measure. Empty means all.
    pub(crate) only: Vec<String>,
}

impl Options {
    pub(crate) fn read() -> Result<Self> {
        let mut options = Self {
            site: PathBuf::new(),
            sizes: PathBuf::new(),
            out: PathBuf::new(),
            chromium: variable("BENCH_CHROMIUM")?,
            chromedriver: variable("BENCH_CHROMEDRIVER")?,
            rounds: 0,
            quick: false,
            only: Vec::new(),
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Long("site") => options.site = parser.value()?.into(),
                Long("sizes") => options.sizes = parser.value()?.into(),
                Long("out") => options.out = parser.value()?.into(),
                Long("rounds") => options.rounds = parser.value()?.parse()?,
                Long("quick") => options.quick = true,
                Long("only") => options.only.push(group(parser.value()?.string()?)?),
                other => return Err(other.unexpected().into()),
            }
        }
        if options.rounds == 0 {
            options.rounds = if options.quick { 1 } else { 5 };
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, group: &str) -> bool {
        self.only.is_empty() || self.asks_for(group)
    }

    /// Like [`wants`](Self::wants), for long groups.
    pub(crate) fn asks_for(&self, group: &str) -> bool {
        self.only.iter().any(|name| name == group)
    }

    /// This count, or a tenth of it in a quick run.
    pub(crate) fn count(&self, many: u32) -> u32 {
        if self.quick { (many / 10).max(1) } else { many }
    }

    /// How often to repeat long measurements.
    pub(crate) fn times(&self, times: u32) -> u32 {
        if self.quick { 1 } else { times }
    }
}

fn group(name: String) -> Result<String> {
    if GROUPS.contains(&name.as_str()) || LONG.contains(&name.as_str()) || name == "bytes" {
        return Ok(name);
    }
    let (groups, long) = (GROUPS.join(", "), LONG.join(", "));
    bail!("unknown group {name}: choose from bytes, {groups}, {long}")
}

fn variable(name: &str) -> Result<PathBuf> {
    let value =
        std::env::var_os(name).with_context(|| format!("{name} is not set: run `cargo xtask bench`"))?;
    Ok(value.into())
}
