//! What a user of the example app downloads.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::ops::Sub;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use serde_json::{Value, json};

use crate::cli::Size;
use crate::run::{self, Project};
use crate::site;

/// What is recorded of the example app's module; in the repository, so that a change of it is seen.
const RECORD: &str = "examples/spa/size.json";

/// How much larger than recorded it may be: less than this is noise of the compiler's.
const TOLERATED_PERCENT: i64 = 2;

/// Builds the small version; its table is printed by the build. Whether it is no larger than it may be.
pub(crate) fn size(project: &Project, options: &Size) -> Result<bool> {
    let site = site::build(project, &site::SPA, true)?;
    let now = of(&[site.join("app_bg.wasm")])?;
    let file = project.root.join(RECORD);
    if options.record {
        let sizes = json!({ "raw": now.raw, "gzip": now.gzip, "brotli": now.brotli });
        fs::write(&file, serde_json::to_string_pretty(&sizes)? + "\n")
            .with_context(|| format!("writing {}", file.display()))?;
    }
    if !options.check {
        return Ok(true);
    }
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let recorded = Bytes::from_json(&text).with_context(|| format!("reading {}", file.display()))?;
    let grown = grown(recorded, now);
    for line in &grown {
        run::complain(line);
    }
    if !grown.is_empty() {
        run::complain("what is worth it is recorded by `cargo xtask size --record`, in the same commit");
    }
    Ok(grown.is_empty())
}

/// What is larger than it may be, in words.
fn grown(recorded: Bytes, now: Bytes) -> Vec<String> {
    let pairs = [
        ("raw", recorded.raw, now.raw),
        ("gzip", recorded.gzip, now.gzip),
        ("brotli", recorded.brotli, now.brotli),
    ];
    let has_grown = |(_, recorded, now): &(&str, i64, i64)| now * 100 > recorded * (100 + TOLERATED_PERCENT);
    let line = |(name, recorded, now)| {
        format!("the example app has grown: {now} bytes {name}, and {recorded} are recorded in {RECORD}")
    };
    pairs.into_iter().filter(has_grown).map(line).collect()
}

/// The sizes of the wasm file and its JavaScript, as they are and compressed.
pub(crate) fn table(site: &Path) -> Result<String> {
    let mut table = format!("{:<14}{:>12}{:>12}{:>12}", "bytes", "raw", "gzip -9", "brotli 11");
    for name in ["app_bg.wasm", "app.js"] {
        let Bytes { raw, gzip, brotli } = of(&[site.join(name)])?;
        let _ = write!(table, "\n{name:<14}{raw:>12}{gzip:>12}{brotli:>12}");
    }
    Ok(table)
}

/// Bytes as they are and compressed; signed, since differences are told too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bytes {
    pub(crate) raw: i64,
    pub(crate) gzip: i64,
    pub(crate) brotli: i64,
}

impl Bytes {
    fn from_json(text: &str) -> Result<Self> {
        let all: Value = serde_json::from_str(text)?;
        let number = |name: &str| all[name].as_i64().with_context(|| format!("there is no number `{name}`"));
        Ok(Self { raw: number("raw")?, gzip: number("gzip")?, brotli: number("brotli")? })
    }
}

impl Sub for Bytes {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { raw: self.raw - other.raw, gzip: self.gzip - other.gzip, brotli: self.brotli - other.brotli }
    }
}

/// The bytes of files that are downloaded one by one.
pub(crate) fn of(files: &[PathBuf]) -> Result<Bytes> {
    let mut all = Bytes::default();
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        all.raw += signed(bytes.len());
        all.gzip += signed(gzip(&bytes)?);
        all.brotli += signed(brotli(&bytes)?);
    }
    Ok(all)
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compressing")?;
    Ok(encoder.finish().context("compressing")?.len())
}

fn brotli(mut bytes: &[u8]) -> Result<usize> {
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut small, &Default::default()).context("compressing")?;
    Ok(small.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_percent_more_are_tolerated_and_not_three() {
        let recorded = Bytes { raw: 1000, gzip: 500, brotli: 400 };
        assert_eq!(grown(recorded, Bytes { raw: 1020, gzip: 510, brotli: 100 }), Vec::<String>::new());
        let lines = grown(recorded, Bytes { raw: 1000, gzip: 500, brotli: 412 });
        assert_eq!(lines.len(), 1);
        assert!(lines.iter().all(|line| line.contains("412 bytes brotli")), "{lines:?}");
    }

    #[test]
    fn the_record_can_be_read() -> Result<()> {
        let recorded = Bytes::from_json(include_str!("../../examples/spa/size.json"))?;
        assert!(recorded.brotli < recorded.gzip && recorded.gzip < recorded.raw);
        assert!(Bytes::from_json("{}").is_err());
        Ok(())
    }

    #[test]
    fn compressed_is_smaller() -> Result<()> {
        let bytes = b"again and ".repeat(100);
        assert!(gzip(&bytes)? < 100);
        assert!(brotli(&bytes)? < 100);
        Ok(())
    }
}
