//! Finds a Chromium or Chrome and the ChromeDriver of the same version.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::run::{self, Project};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVERS: [&str; 2] = ["chromedriver", "chromium.chromedriver"];

/// Applications of macOS, which are not on PATH; also looked for in the home folder.
const BUNDLES: [&str; 2] = [
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// A browser and the driver that fits it.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Finds both; on a Debian where we are root, installs them first if they are missing.
    pub(crate) fn find(project: &Project) -> Result<Self> {
        let mut found = candidates()?;
        if found.missing() && run::on_path(&["apt-get"]).is_some() && is_root(project) {
            run::heading("installing the browser and its driver with apt-get");
            run::check(project.command("apt-get").arg("update")).with_context(how_to_install)?;
            let mut install = project.command("apt-get");
            install.args(["install", "-y", "--no-install-recommends"]).args(apt_packages());
            run::check(install.env("DEBIAN_FRONTEND", "noninteractive")).with_context(how_to_install)?;
            found = candidates()?;
        }
        if found.browsers.is_empty() {
            bail!("there is no Chromium and no Chrome. {}", how_to_install());
        }
        if found.drivers.is_empty() {
            bail!("there is no ChromeDriver. {}", how_to_install());
        }
        choose(&with_versions(project, found.browsers)?, &with_versions(project, found.drivers)?)
    }

    /// Writes the settings with which wasm-bindgen-test-runner starts the browser, and says where.
    pub(crate) fn write_webdriver_json(&self, project: &Project) -> Result<PathBuf> {
        let file = project.target.join("webdriver.json");
        let args = [
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
        let settings = json!({ "goog:chromeOptions": { "binary": self.browser, "args": args } });
        fs::create_dir_all(&project.target)
            .and_then(|()| fs::write(&file, settings.to_string()))
            .with_context(|| format!("writing {}", file.display()))?;
        Ok(file)
    }
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

/// What a variable names is taken and nothing else.
fn candidates() -> Result<Candidates> {
    let browsers = match named_by(&["CHROMIUM", "CHROME"])? {
        Some(file) => vec![file],
        None => run::all_on_path(&BROWSERS).into_iter().chain(bundles()).collect(),
    };
    let drivers = match named_by(&["CHROMEDRIVER"])? {
        Some(file) => vec![file],
        None => run::all_on_path(&DRIVERS),
    };
    Ok(Candidates { browsers, drivers })
}

/// The program that the first of these variables names, as a path or as a name on PATH.
fn named_by(variables: &[&str]) -> Result<Option<PathBuf>> {
    for variable in variables {
        let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else { continue };
        let file = PathBuf::from(&value);
        let file = if file.is_file() { Some(file) } else { value.to_str().and_then(|v| run::on_path(&[v])) };
        return match file {
            Some(file) => std::path::absolute(&file).map(Some).context("finding the current folder"),
            None => bail!("{variable} is set to {}, which is not there", value.to_string_lossy()),
        };
    }
    Ok(None)
}

fn bundles() -> Vec<PathBuf> {
    if !cfg!(target_os = "macos") {
        return Vec::new();
    }
    let homes = [Some(PathBuf::from("/")), env::home_dir()].into_iter().flatten();
    homes.flat_map(|home| BUNDLES.map(|app| home.join(app))).filter(|file| file.is_file()).collect()
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
        Some(error) if good.is_empty() => bail!("{error:#}. {}", how_to_install()),
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
                return Ok(Browser { browser: browser.clone(), driver: driver.clone() });
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
        how_to_install(),
    )
}

/// Without the libc crate.
fn is_root(project: &Project) -> bool {
    run::output(project.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Ubuntu calls them otherwise.
fn apt_packages() -> [&'static str; 2] {
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if system.lines().any(|line| line == "ID=ubuntu") {
        ["chromium-browser", "chromium-chromedriver"]
    } else {
        ["chromium", "chromium-driver"]
    }
}

fn how_to_install() -> String {
    let [browser, driver] = apt_packages();
    let command = if run::on_path(&["apt-get"]).is_some() {
        format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {browser} {driver}")
    } else if run::on_path(&["dnf"]).is_some() {
        "sudo dnf install chromium chromedriver".to_owned()
    } else if cfg!(target_os = "macos") {
        "brew install --cask google-chrome chromedriver".to_owned()
    } else {
        return "Install Chromium and the ChromeDriver of the same version".to_owned() + OR_SET;
    };
    format!("This installs both: `{command}`{OR_SET}")
}

const OR_SET: &str = "; or set CHROMIUM and CHROMEDRIVER to where they are.";

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
        assert_eq!(chosen.browser, Path::new("/bin/google-chrome"));
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
