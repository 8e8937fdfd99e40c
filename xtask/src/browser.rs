//! Finds browsers and their drivers, and passes both to the tests.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use fs_err as fs;
use serde_json::json;

use crate::cli::Engine;
use crate::run::{self, Project};
use crate::system_packages::Packages;
use crate::tools;

const CHROMIUM: Packages = Packages {
    debian: &["chromium", "chromium-driver"],
    otherwise: "install Chromium and the ChromeDriver of the same version, or set CHROMIUM and CHROMEDRIVER to their \
                paths.",
};

const FIREFOX: Packages =
    Packages { debian: &["firefox-esr"], otherwise: "install Firefox, or set FIREFOX to its path." };

const WEBKIT: Packages = Packages {
    debian: &["webkit2gtk-driver", "xvfb", "xauth"],
    otherwise: "install WebKitGTK's WebKitWebDriver (Linux only) and xvfb-run, or set WEBKIT_DRIVER to the driver's \
                path.",
};

const CHROMIUM_ARGUMENTS: [&str; 8] = [
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

/// A browser and the driver of the same version.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    driver: PathBuf,
    /// None if the driver finds it.
    browser: Option<PathBuf>,
    /// xvfb-run, if the browser needs a screen.
    pub(crate) screen: Option<PathBuf>,
}

impl Browser {
    /// Finds both; root on a Debian gets them installed if they are missing.
    pub(crate) fn find(project: &Project, engine: Engine) -> Result<Self> {
        match engine {
            Engine::Chromium => find_chromium(project),
            Engine::Firefox => find_firefox(project),
            Engine::Webkit => find_webkit(project),
        }
    }

    /// Makes wasm-bindgen-test-runner use this browser.
    pub(crate) fn for_wasm_tests(&self, project: &Project, command: &mut Command) -> Result<()> {
        // The runner takes the first driver that is set.
        for other in ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"] {
            command.env_remove(other).env_remove(format!("{other}_REMOTE"));
        }
        let (variable, settings) = match self.engine {
            Engine::Chromium => (
                "CHROMEDRIVER",
                json!({ "goog:chromeOptions": { "binary": self.browser, "args": CHROMIUM_ARGUMENTS } }),
            ),
            // The runner adds `-headless`.
            Engine::Firefox => ("GECKODRIVER", json!({ "moz:firefoxOptions": { "binary": self.browser } })),
            // The runner sends only commands of the standard, which WebKitGTK's driver knows too.
            Engine::Webkit => ("SAFARIDRIVER", json!({})),
        };
        let file = project.target.join(format!("webdriver-{}.json", self.engine.name()));
        fs::write(&file, settings.to_string())?;
        command.env(variable, &self.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
        Ok(())
    }

    /// Sets the variables that name this browser to `tests/e2e`.
    pub(crate) fn for_stories(&self, command: &mut Command) {
        command.env("E2E_ENGINE", self.engine.name()).env("E2E_DRIVER", &self.driver);
        match &self.browser {
            Some(browser) => command.env("E2E_BROWSER", browser),
            None => command.env_remove("E2E_BROWSER"),
        };
    }

    /// Sets the variables that name this browser, a Chromium, to the benchmark.
    pub(crate) fn for_the_benchmark(&self, command: &mut Command) {
        command.env("BENCH_CHROMEDRIVER", &self.driver);
        command.envs(self.browser.iter().map(|browser| ("BENCH_CHROMIUM", browser)));
    }
}

fn find_chromium(project: &Project) -> Result<Browser> {
    let (browsers, drivers) = CHROMIUM.find_or_install(project, "Chromium or its ChromeDriver", || {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let browsers = candidates("CHROMIUM", &names)?;
        let drivers = candidates("CHROMEDRIVER", &["chromedriver", "chromium.chromedriver"])?;
        Ok((!browsers.is_empty() && !drivers.is_empty()).then_some((browsers, drivers)))
    })?;
    let with_version = |file: PathBuf| {
        let printed = run::output(project.command(&file).arg("--version"));
        (file, printed.unwrap_or_else(|error| format!("{error:#}")).trim().to_owned())
    };
    let with_versions = |files: Vec<PathBuf>| files.into_iter().map(with_version).collect::<Vec<_>>();
    choose(&with_versions(browsers), &with_versions(drivers))
}

/// The first browser and driver of the same major version, by what `--version` prints.
fn choose(browsers: &[(PathBuf, String)], drivers: &[(PathBuf, String)]) -> Result<Browser> {
    let pairs = browsers.iter().flat_map(|browser| drivers.iter().map(move |driver| (browser, driver)));
    for ((browser, of_browser), (driver, of_driver)) in pairs {
        if major(of_browser).is_some_and(|version| Some(version) == major(of_driver)) {
            let (browser, driver) = (Some(browser.clone()), driver.clone());
            return Ok(Browser { engine: Engine::Chromium, driver, browser, screen: None });
        }
    }
    let found =
        browsers.iter().chain(drivers).map(|(file, printed)| format!("{} ({printed})", file.display()));
    let found = found.collect::<Vec<_>>().join(", ");
    let how = CHROMIUM.how_to_install();
    bail!("no ChromeDriver has the major version of a browser: found {found}. {how}")
}

/// `156` in `Chromium 156.0.8078.79 built on …`.
fn major(printed: &str) -> Option<u32> {
    printed.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

fn find_firefox(project: &Project) -> Result<Browser> {
    let browser = FIREFOX.find_or_install(project, "Firefox", || {
        Ok(candidates("FIREFOX", &["firefox-esr", "firefox"])?.into_iter().next())
    })?;
    let driver = match candidates("GECKODRIVER", &["geckodriver"])?.into_iter().next() {
        Some(driver) => driver,
        None => tools::geckodriver(project).context("GECKODRIVER can name another one")?,
    };
    Ok(Browser { engine: Engine::Firefox, driver, browser: Some(browser), screen: None })
}

fn find_webkit(project: &Project) -> Result<Browser> {
    let name = "WebKitWebDriver, or a screen for it (xvfb-run or DISPLAY),";
    let (driver, screen) = WEBKIT.find_or_install(project, name, || {
        let driver = candidates("WEBKIT_DRIVER", &["WebKitWebDriver"])?.into_iter().next();
        // Preferred to the user's screen, where windows would open and close.
        let screen = run::on_path(&["xvfb-run"]);
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        // Without any screen the driver hangs.
        let has_screen = screen.is_some() || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        Ok(driver.filter(|_| has_screen).map(|driver| (driver, screen)))
    })?;
    Ok(Browser { engine: Engine::Webkit, driver, browser: None, screen })
}

/// The program that a variable names, as a path or as a name on PATH; an error if it does not exist. Without the
/// variable, all programs of these names on PATH.
fn candidates(variable: &str, names: &[&str]) -> Result<Vec<PathBuf>> {
    let Some(value) = env::var(variable).ok().filter(|value| !value.is_empty()) else {
        return Ok(run::all_on_path(names));
    };
    let file = Some(PathBuf::from(&value)).filter(|file| file.is_file()).or_else(|| run::on_path(&[&value]));
    let file = file.with_context(|| format!("{variable} is set to {value}, which does not exist"))?;
    Ok(vec![std::path::absolute(file)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, printed: &str) -> (PathBuf, String) {
        (file.into(), printed.to_owned())
    }

    #[test]
    fn the_browser_of_the_drivers_version_is_chosen() -> Result<()> {
        let browsers = [
            found("/bin/chromium-browser", "command not found."),
            found("/bin/chromium", "Chromium 155.0.1.1 built on Debian GNU/Linux 12 (bookworm)"),
            found("/bin/google-chrome", "Google Chrome 156.0.9.9"),
        ];
        let driver =
            found("/bin/chromedriver", "ChromeDriver 156.0.1.2 (a21ce95c24ce-refs/branch-heads/8078)");
        let chosen = choose(&browsers, std::slice::from_ref(&driver))?;
        assert_eq!(chosen.browser, Some("/bin/google-chrome".into()));

        let error = choose(&browsers[..2], &[driver]).unwrap_err().to_string();
        for part in ["/bin/chromium (Chromium 155.0.1.1", "/bin/chromedriver (ChromeDriver 156.0.1.2"] {
            assert!(error.contains(part), "{error}");
        }
        Ok(())
    }
}
