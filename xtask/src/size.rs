//! What a user of the example app downloads.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::run::Project;
use crate::site;

pub(crate) fn size(project: &Project) -> Result<()> {
    // Prints the table itself.
    site::build(project, &site::SPA, true).map(drop)
}

/// The sizes of the wasm file and its JavaScript, as they are and compressed.
pub(crate) fn table(site: &Path) -> Result<String> {
    let mut table = format!("{:<14}{:>12}{:>12}{:>12}", "bytes", "raw", "gzip -9", "brotli 11");
    for name in ["app_bg.wasm", "app.js"] {
        let file = site.join(name);
        let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let (gzip, brotli) = (gzip(&bytes)?, brotli(&bytes)?);
        let _ = write!(table, "\n{name:<14}{:>12}{gzip:>12}{brotli:>12}", bytes.len());
    }
    Ok(table)
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
