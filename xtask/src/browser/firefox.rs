//! Finds a Firefox, and a geckodriver, which is built if there is none.

use anyhow::{Context, Result, bail};

use super::packages::Packages;
use super::{Browser, bundles, named_by};
use crate::cli::Engine;
use crate::run::{self, Project};
use crate::tools;

const BROWSERS: [&str; 2] = ["firefox-esr", "firefox"];
const BUNDLES: [&str; 1] = ["Applications/Firefox.app/Contents/MacOS/firefox"];

const PACKAGES: Packages = Packages {
    debian: &["firefox-esr"],
    ubuntu: &["firefox"],
    fedora: &["firefox"],
    brew: Some("--cask firefox"),
    otherwise: "install Firefox, or set FIREFOX to where it is.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let mut browser = browser()?;
    if browser.is_none() && Packages::can_be_installed(project) {
        PACKAGES.install(project, "Firefox")?;
        browser = self::browser()?;
    }
    let Some(browser) = browser else { bail!("there is no Firefox. {}", PACKAGES.how_to_install()) };
    let driver = match named_by(&["GECKODRIVER"])? {
        Some(driver) => driver,
        None => tools::geckodriver(project).context("GECKODRIVER may name another one")?,
    };
    Ok(Browser { engine: Engine::Firefox, driver, browser: Some(browser), screen: None })
}

fn browser() -> Result<Option<std::path::PathBuf>> {
    let named = named_by(&["FIREFOX"])?;
    Ok(named.or_else(|| run::on_path(&BROWSERS)).or_else(|| bundles(&BUNDLES).into_iter().next()))
}
