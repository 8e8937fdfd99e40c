//! Finds a Chromium or Chrome and the ChromeDriver of the same version.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::packages::Packages;
use super::{Browser, bundles, named_by};
use crate::cli::Engine;
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
    // More than 200 navigations in ten seconds are the tests' own.
    "--disable-ipc-flooding-protection",
];

const PACKAGES: Packages = Packages {
    debian: &["chromium", "chromium-driver"],
    ubuntu: &["chromium-browser", "chromium-chromedriver"],
    fedora: &["chromium", "chromedriver"],
    brew: Some("--cask google-chrome chromedriver"),
    otherwise: "install Chromium and the ChromeDriver of the same version, or set CHROMIUM and CHROMEDRIVER to where \
                they are.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let mut found = candidates()?;
    if found.missing() && Packages::can_be_installed(project) {
        PACKAGES.install(project, "Chromium and its driver")?;
        found = candidates()?;
    }
    if found.browsers.is_empty() {
        bail!("there is no Chromium and no Chrome. {}", PACKAGES.how_to_install());
    }
    if found.drivers.is_empty() {
        bail!("there is no ChromeDriver. {}", PACKAGES.how_to_install());
    }
    choose(&with_versions(project, found.browsers)?, &with_versions(project, found.drivers)?)
}

struct Candidates {
    browsers: Vec<PathBuf>,
    drivers: Vec<PathBuf>,
}

impl Candidates {
    fn missing(&self) -> bool {
        self.browsers.is_empty() || self.drivers.is_empty()
    }
}

fn candidates() -> Result<Candidates> {
    let browsers = match named_by(&["CHROMIUM", "CHROME"])? {
        Some(file) => vec![file],
        None => run::all_on_path(&BROWSERS).into_iter().chain(bundles(&BUNDLES)).collect(),
    };
    let drivers = match named_by(&["CHROMEDRIVER"])? {
        Some(file) => vec![file],
        None => run::all_on_path(&DRIVERS),
    };
    Ok(Candidates { browsers, drivers })
}

/// Those that say their version; a program on PATH may be no more than a hint at where to get it.
fn with_versions(project: &Project, files: Vec<PathBuf>) -> Result<Vec<(PathBuf, String)>> {
    let mut good = Vec::new();
    let mut bad = None;
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
    for (browser, its) in browsers {
        for (driver, drivers) in drivers {
            if major(its) == major(drivers) {
                let (browser, driver) = (Some(browser.clone()), driver.clone());
                return Ok(Browser { engine: Engine::Chromium, driver, browser, screen: None });
            }
        }
    }
    let list = |found: &[(PathBuf, String)]| {
        let each = found.iter().map(|(file, version)| format!("{} is {version}", file.display()));
        each.collect::<Vec<_>>().join(", ")
    };
    bail!(
        "the browser and its driver do not fit: {}, but {}. Their first numbers must be the same. {}",
        list(browsers),
        list(drivers),
        PACKAGES.how_to_install(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_the_programs_print() {
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
    fn the_browser_that_fits_the_driver_wins() -> Result<()> {
        let browsers = found(&[("/bin/chromium", "155.0.1.1"), ("/bin/google-chrome", "156.0.9.9")]);
        let chosen = choose(&browsers, &found(&[("/bin/chromedriver", "156.0.1.2")]))?;
        assert_eq!(chosen.browser.as_deref(), Some(Path::new("/bin/google-chrome")));
        assert_eq!(chosen.driver, Path::new("/bin/chromedriver"));
        Ok(())
    }

    #[test]
    fn versions_that_do_not_fit_are_both_named() {
        let chosen = choose(&found(&[("/b/chrome", "157.0.1.1")]), &found(&[("/b/driver", "156.0.1.2")]));
        let message = chosen.map_or_else(|error| error.to_string(), |_| String::new());
        for part in ["/b/chrome is 157.0.1.1", "/b/driver is 156.0.1.2", "must be the same"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
