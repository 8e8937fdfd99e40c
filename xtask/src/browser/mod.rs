//! Finds browsers and their drivers, and passes both to the tests.

mod chromium;
mod firefox;
mod webkit;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::cli::Engine;
use crate::run::{self, Project};

/// wasm-bindgen-test-runner takes the first that is set.
const DRIVER_VARIABLES: [&str; 4] = ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"];

/// A browser and the driver of the same version.
#[derive(Debug)]
pub(crate) struct Browser {
    engine: Engine,
    driver: PathBuf,
    /// None if the driver finds it.
    browser: Option<PathBuf>,
    /// xvfb-run, if the browser needs a screen.
    screen: Option<PathBuf>,
}

impl Browser {
    /// Finds both; root on a Debian gets them installed if they are missing.
    pub(crate) fn find(project: &Project, engine: Engine) -> Result<Self> {
        match engine {
            Engine::Chromium => chromium::find(project),
            Engine::Firefox => firefox::find(project),
            Engine::Webkit => webkit::find(project),
        }
    }

    /// The command, with what makes wasm-bindgen-test-runner use this browser.
    pub(crate) fn for_wasm_tests(&self, project: &Project, mut command: Command) -> Result<Command> {
        for other in DRIVER_VARIABLES {
            command.env_remove(other).env_remove(format!("{other}_REMOTE"));
        }
        let (variable, settings) = match self.engine {
            Engine::Chromium => (
                "CHROMEDRIVER",
                json!({ "goog:chromeOptions": { "binary": self.browser, "args": chromium::ARGUMENTS } }),
            ),
            // The runner adds `-headless`.
            Engine::Firefox => ("GECKODRIVER", json!({ "moz:firefoxOptions": { "binary": self.browser } })),
            // The runner sends only commands of the standard, which WebKitGTK's driver knows too.
            Engine::Webkit => ("SAFARIDRIVER", json!({})),
        };
        let file = project.target.join(format!("webdriver-{}.json", self.engine.name()));
        fs::write(&file, settings.to_string()).with_context(|| format!("writing {}", file.display()))?;
        command.env(variable, &self.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
        Ok(self.on_screen(command))
    }

    /// The command, with the variables that name this browser to `tests/e2e`.
    pub(crate) fn for_stories(&self, mut command: Command) -> Command {
        command.env("E2E_ENGINE", self.engine.name()).env("E2E_DRIVER", &self.driver);
        match &self.browser {
            Some(browser) => command.env("E2E_BROWSER", browser),
            None => command.env_remove("E2E_BROWSER"),
        };
        self.on_screen(command)
    }

    /// The command, with the variables that name this browser, a Chromium, to the benchmark.
    pub(crate) fn for_the_benchmark(&self, mut command: Command) -> Command {
        command.env("BENCH_CHROMEDRIVER", &self.driver);
        command.envs(self.browser.iter().map(|browser| ("BENCH_CHROMIUM", browser)));
        command
    }

    fn on_screen(&self, command: Command) -> Command {
        let Some(screen) = &self.screen else { return command };
        let mut wrapped = Command::new(screen);
        wrapped.args(["--auto-servernum", "--server-args=-screen 0 1280x1024x24"]);
        wrapped.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => wrapped.env(name, value),
                None => wrapped.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            wrapped.current_dir(folder);
        }
        wrapped
    }
}

/// The program that the first of these variables names, as a path or as a name on PATH; an error if it is missing.
fn named_by(variables: &[&str]) -> Result<Option<PathBuf>> {
    let is_set = |name: &&&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let Some(variable) = variables.iter().find(is_set) else { return Ok(None) };
    let value = env::var(variable).with_context(|| format!("reading {variable}"))?;
    let file = Some(PathBuf::from(&value)).filter(|file| file.is_file()).or_else(|| run::on_path(&[&value]));
    let file = file.with_context(|| format!("{variable} is set to {value}, which does not exist"))?;
    std::path::absolute(file).map(Some).context("finding the current folder")
}

/// Applications of macOS, which are not on PATH, in the root folder and in the home folder.
fn bundles(apps: &[&str]) -> Vec<PathBuf> {
    if !cfg!(target_os = "macos") {
        return Vec::new();
    }
    let homes = [Some(PathBuf::from("/")), env::home_dir()].into_iter().flatten();
    homes.flat_map(|home| apps.iter().map(move |app| home.join(app))).filter(|file| file.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_command_on_a_virtual_screen_has_the_same_arguments_and_environment() {
        let mut command = Command::new("/bin/cargo");
        command.args(["test", "--", "a b"]).env("A", "1").env_remove("B").current_dir("/somewhere");
        let (driver, screen) = ("/bin/driver".into(), Some("/bin/xvfb-run".into()));
        let browser = Browser { engine: Engine::Webkit, driver, browser: None, screen };
        let wrapped = browser.on_screen(command);
        assert_eq!(wrapped.get_program(), "/bin/xvfb-run");
        let arguments: Vec<_> = wrapped.get_args().collect();
        assert_eq!(arguments[2..], ["/bin/cargo", "test", "--", "a b"]);
        let variables: Vec<_> = wrapped.get_envs().collect();
        assert_eq!(variables, [(OsStr::new("A"), Some(OsStr::new("1"))), (OsStr::new("B"), None)]);
        assert_eq!(wrapped.get_current_dir(), Some(Path::new("/somewhere")));
    }
}
