//! `cargo xtask size`: what a user of the example app downloads.

use std::io::Write;
use std::ops::Sub;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use fs_err as fs;
use serde::{Deserialize, Serialize};

use crate::cli::Size;
use crate::run::{self, Project};
use crate::site;

/// The recorded size of the example app's module.
const RECORD: &str = "examples/spa/size.json";

/// It may be this much larger than recorded: differences between compilers are smaller.
const TOLERATED_PERCENT: i64 = 2;

/// Builds the example app, which prints its sizes. With `--check`, an error if its module is larger than recorded.
pub(crate) fn size(project: &Project, options: &Size) -> Result<()> {
    let site = site::build(project, &site::SPA, true)?;
    let now = of(&[site.join("app_bg.wasm")])?;
    let file = project.root.join(RECORD);
    if options.record {
        let text = serde_json::to_string_pretty(&now)? + "\n";
        fs::write(&file, text)?;
    }
    if !options.check {
        return Ok(());
    }
    let text = fs::read_to_string(&file)?;
    let recorded = serde_json::from_str(&text).with_context(|| format!("reading {RECORD}"))?;
    let grown = grown(recorded, now);
    if !grown.is_empty() {
        let how = "if it is worth that, run `cargo xtask size --record` in the same commit";
        bail!("the example app has grown; {how}\n{}", grown.join("\n"));
    }
    Ok(())
}

/// A line for each size that has grown by more than is tolerated.
fn grown(recorded: Bytes, now: Bytes) -> Vec<String> {
    let sizes = [
        ("raw", recorded.raw, now.raw),
        ("gzip", recorded.gzip, now.gzip),
        ("brotli", recorded.brotli, now.brotli),
    ];
    let line = |(name, recorded, now): (&str, i64, i64)| {
        let has_grown = now * 100 > recorded * (100 + TOLERATED_PERCENT);
        has_grown.then(|| format!("{now} bytes {name}, and {recorded} are recorded in {RECORD}"))
    };
    sizes.into_iter().filter_map(line).collect()
}

/// Prints the sizes of the wasm file and its JavaScript.
pub(crate) fn say_table(site: &Path) -> Result<()> {
    run::say(&format!("{:<14}{:>12}{:>12}{:>12}", "bytes", "raw", "gzip -9", "brotli 11"));
    for name in ["app_bg.wasm", "app.js"] {
        let Bytes { raw, gzip, brotli } = of(&[site.join(name)])?;
        run::say(&format!("{name:<14}{raw:>12}{gzip:>12}{brotli:>12}"));
    }
    Ok(())
}

/// Bytes before and after compression; signed, for differences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bytes {
    pub(crate) raw: i64,
    pub(crate) gzip: i64,
    pub(crate) brotli: i64,
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
        let bytes = fs::read(file)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut brotli, &Default::default())?;
        all.raw += i64::try_from(bytes.len())?;
        all.gzip += i64::try_from(gzip.finish()?.len())?;
        all.brotli += i64::try_from(brotli.len())?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_percent_more_are_tolerated_and_three_are_not() {
        let recorded = Bytes { raw: 1000, gzip: 500, brotli: 400 };
        assert_eq!(grown(recorded, Bytes { raw: 1020, gzip: 510, brotli: 100 }), [""; 0]);
        let lines = grown(recorded, Bytes { raw: 1000, gzip: 500, brotli: 412 });
        assert!(lines.len() == 1 && lines[0].contains("412 bytes brotli"), "{lines:?}");
    }

    #[test]
    fn the_record_has_all_sizes() -> Result<()> {
        let recorded: Bytes = serde_json::from_str(include_str!("../../examples/spa/size.json"))?;
        assert!(recorded.brotli < recorded.gzip && recorded.gzip < recorded.raw);
        Ok(())
    }
}
