//! What a user of the example app downloads.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::ops::Sub;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::run::Project;
use crate::site;

pub(crate) fn size(project: &Project) -> Result<()> {
    // Prints the table itself.
    site::build(project, true).map(drop)
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
    fn compressed_is_smaller() -> Result<()> {
        let bytes = b"again and ".repeat(100);
        assert!(gzip(&bytes)? < 100);
        assert!(brotli(&bytes)? < 100);
        Ok(())
    }
}
