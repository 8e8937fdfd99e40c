//! Finds Firefox, and geckodriver, which is built if there is none.

use anyhow::{Context, Result};

use super::{Browser, bundles, named_by};
use crate::cli::Engine;
use crate::packages::Packages;
use crate::run::{self, Project};
use crate::tools;

const PACKAGES: Packages = Packages {
    debian: &["firefox-esr"],
    ubuntu: &["firefox"],
    fedora: &["firefox"],
    brew: Some("--cask firefox"),
    otherwise: "install Firefox, or set FIREFOX to its path.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let browser = PACKAGES.find_or_install(project, "Firefox", || {
        Ok(named_by(&["FIREFOX"])?
            .or_else(|| run::on_path(&["firefox-esr", "firefox"]))
            .or_else(|| bundles(&["Applications/Firefox.app/Contents/MacOS/firefox"]).into_iter().next()))
    })?;
    let driver = match named_by(&["GECKODRIVER"])? {
        Some(driver) => driver,
        None => tools::geckodriver(project).context("GECKODRIVER can name another one")?,
    };
    Ok(Browser { engine: Engine::Firefox, driver, browser: Some(browser), screen: None })
}
