//! What `cargo xtask bench` says.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use lexopt::Arg::Long;
use lexopt::ValueExt;

/// The groups of measurements, by the names that `--only` takes.
pub(crate) const GROUPS: [&str; 9] =
    ["start", "requests", "interception", "expiry", "burst", "tabs", "lock", "reads", "memory"];

/// Those that take minutes: measured only where they are named.
const LONG: [&str; 1] = ["expiries"];

pub(crate) struct Options {
    /// The built pages.
    pub(crate) site: PathBuf,
    /// A file with the bytes of each bundle.
    pub(crate) sizes: PathBuf,
    /// Where the results go.
    pub(crate) out: PathBuf,
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) rounds: usize,
    /// Few of everything: to see that it works.
    pub(crate) quick: bool,
    /// The groups to measure; all unless any is named.
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

    /// As [`wants`](Self::wants), for what takes long.
    pub(crate) fn asks_for(&self, group: &str) -> bool {
        self.only.iter().any(|name| name == group)
    }

    /// This many, or a tenth of it where it is to be quick.
    pub(crate) fn count(&self, many: u32) -> u32 {
        if self.quick { (many / 10).max(1) } else { many }
    }

    /// How often to do what takes long.
    pub(crate) fn times(&self, times: u32) -> u32 {
        if self.quick { 1 } else { times }
    }
}

fn group(name: String) -> Result<String> {
    if GROUPS.contains(&name.as_str()) || LONG.contains(&name.as_str()) || name == "bytes" {
        return Ok(name);
    }
    let (groups, long) = (GROUPS.join(", "), LONG.join(", "));
    bail!("there is nothing to measure by the name {name}; there are bytes, {groups}, {long}")
}

fn variable(name: &str) -> Result<PathBuf> {
    let value =
        std::env::var_os(name).with_context(|| format!("{name} is not set: run `cargo xtask bench`"))?;
    Ok(value.into())
}
