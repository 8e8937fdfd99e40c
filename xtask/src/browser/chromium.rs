//! Finds a Chromium or Chrome, and the ChromeDriver of the same version.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Browser, bundles, named_by};
use crate::cli::Engine;
use crate::packages::Packages;
use crate::run::{self, Project};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVERS: [&str; 2] = ["chromedriver", "chromium.chromedriver"];

const BUNDLES: [&str; 2] = [
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
];

pub(super) const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    // Tests navigate more than 200 times in ten seconds.
    "--disable-ipc-flooding-protection",
];

const PACKAGES: Packages = Packages {
    debian: &["chromium", "chromium-driver"],
    ubuntu: &["chromium-browser", "chromium-chromedriver"],
    fedora: &["chromium", "chromedriver"],
    brew: Some("--cask google-chrome chromedriver"),
    otherwise: "install Chromium and the ChromeDriver of the same version, or set CHROMIUM and CHROMEDRIVER to their \
                paths.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let (browsers, drivers) = PACKAGES.find_or_install(project, "Chromium or its ChromeDriver", || {
        let browsers = match named_by(&["CHROMIUM", "CHROME"])? {
            Some(file) => vec![file],
            None => run::all_on_path(&BROWSERS).into_iter().chain(bundles(&BUNDLES)).collect(),
        };
        let drivers = match named_by(&["CHROMEDRIVER"])? {
            Some(file) => vec![file],
            None => run::all_on_path(&DRIVERS),
        };
        Ok((!browsers.is_empty() && !drivers.is_empty()).then_some((browsers, drivers)))
    })?;
    choose(&with_versions(project, browsers)?, &with_versions(project, drivers)?)
}

/// The programs that print a version. Ubuntu's chromium-browser may only print how to install the snap.
fn with_versions(project: &Project, files: Vec<PathBuf>) -> Result<Vec<(PathBuf, String)>> {
    let (mut good, mut bad) = (Vec::new(), None);
    for file in files {
        match version_of(project, &file) {
            Ok(version) => good.push((file, version)),
            Err(error) => bad = bad.or(Some(error)),
        }
    }
    match bad {
        Some(error) if good.is_empty() => bail!("{error:#}. {}", PACKAGES.how_to_install()),
        _ => Ok(good),
    }
}

fn version_of(project: &Project, file: &Path) -> Result<String> {
    let printed = run::output(project.command(file).arg("--version"))
        .with_context(|| format!("asking {} for its version", file.display()))?;
    let version = version_in(&printed).map(str::to_owned);
    version.with_context(|| format!("`{} --version` prints no version: {}", file.display(), printed.trim()))
}

/// `156.0.8078.79` in `Chromium 156.0.8078.79 built on …`.
fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| word.contains('.') && major(word).is_some())
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// The first browser and driver of the same major version.
fn choose(browsers: &[(PathBuf, String)], drivers: &[(PathBuf, String)]) -> Result<Browser> {
    let pairs = browsers.iter().flat_map(|browser| drivers.iter().map(move |driver| (browser, driver)));
    for ((browser, version), (driver, of_driver)) in pairs {
        if major(version) == major(of_driver) {
            let (browser, driver) = (Some(browser.clone()), driver.clone());
            return Ok(Browser { engine: Engine::Chromium, driver, browser, screen: None });
        }
    }
    let list = |found: &[(PathBuf, String)]| {
        let each = found.iter().map(|(file, version)| format!("{} is {version}", file.display()));
        each.collect::<Vec<_>>().join(", ")
    };
    bail!(
        "the browser and its driver do not fit: {}, but {}. Their major versions must be the same. {}",
        list(browsers),
        list(drivers),
        PACKAGES.how_to_install(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_parsed_from_what_programs_print() {
        for (text, version) in [
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n", "156.0.8078.79"),
            ("Google Chrome 157.0.1.2 \n", "157.0.1.2"),
            ("ChromeDriver 156.0.8078.79 (a21ce95c24ce-refs/branch-heads/8078@{#1704})\n", "156.0.8078.79"),
        ] {
            assert_eq!(version_in(text), Some(version));
        }
        assert_eq!(version_in("command not found.\n"), None);
    }

    fn found(files: &[(&str, &str)]) -> Vec<(PathBuf, String)> {
        files.iter().map(|(file, version)| (file.into(), (*version).to_owned())).collect()
    }

    #[test]
    fn the_browser_of_the_drivers_version_is_chosen() -> Result<()> {
        let browsers = found(&[("/bin/chromium", "155.0.1.1"), ("/bin/google-chrome", "156.0.9.9")]);
        let chosen = choose(&browsers, &found(&[("/bin/chromedriver", "156.0.1.2")]))?;
        assert_eq!(chosen.browser.as_deref(), Some(Path::new("/bin/google-chrome")));
        assert_eq!(chosen.driver, Path::new("/bin/chromedriver"));
        Ok(())
    }

    #[test]
    fn versions_that_do_not_match_are_both_named() {
        let chosen = choose(&found(&[("/b/chrome", "157.0.1.1")]), &found(&[("/b/driver", "156.0.1.2")]));
        let message = chosen.unwrap_err().to_string();
        for part in ["/b/chrome is 157.0.1.1", "/b/driver is 156.0.1.2", "must be the same"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
