//! Finds browsers and their drivers, gets what is missing where it can, and hands both to the tests.

mod chromium;
mod firefox;
mod packages;
mod webkit;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::cli::Engine;
use crate::run::{self, Project};

/// Of these wasm-bindgen-test-runner takes the first that is set.
const DRIVER_VARIABLES: [&str; 4] = ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"];

/// A browser and the driver that fits it.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    driver: PathBuf,
    /// None where the driver finds it by itself.
    browser: Option<PathBuf>,
    /// What runs a program on a screen that nobody sees; none where the browser needs no screen.
    screen: Option<PathBuf>,
}

impl Browser {
    /// Finds both; on a Debian where we are root, installs them first if they are missing.
    pub(crate) fn find(project: &Project, engine: Engine) -> Result<Self> {
        match engine {
            Engine::Chromium => chromium::find(project),
            Engine::Firefox => firefox::find(project),
            Engine::Webkit => webkit::find(project),
        }
    }

    /// The command, so that wasm-bindgen-test-runner uses this browser.
    pub(crate) fn for_wasm_tests(&self, project: &Project, mut command: Command) -> Result<Command> {
        for other in DRIVER_VARIABLES {
            command.env_remove(other).env_remove(format!("{other}_REMOTE"));
        }
        let variable = match self.engine {
            Engine::Chromium => "CHROMEDRIVER",
            Engine::Firefox => "GECKODRIVER",
            // The runner asks for no more than the standard's commands, which WebKitGTK's driver knows as well.
            Engine::Webkit => "SAFARIDRIVER",
        };
        command.env(variable, &self.driver);
        command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", self.write_webdriver_json(project)?);
        Ok(self.on_screen(command))
    }

    /// The command, so that the stories are played in this browser.
    pub(crate) fn for_stories(&self, mut command: Command) -> Command {
        command.env("E2E_ENGINE", self.engine.name()).env("E2E_DRIVER", &self.driver);
        match &self.browser {
            Some(browser) => command.env("E2E_BROWSER", browser),
            None => command.env_remove("E2E_BROWSER"),
        };
        self.on_screen(command)
    }

    /// The command, so that the benchmark measures in this browser, which has to be Chromium.
    pub(crate) fn for_the_benchmark(&self, mut command: Command) -> Command {
        command.env("BENCH_CHROMEDRIVER", &self.driver);
        if let Some(browser) = &self.browser {
            command.env("BENCH_CHROMIUM", browser);
        }
        command
    }

    /// Writes the settings with which wasm-bindgen-test-runner starts the browser, and says where.
    fn write_webdriver_json(&self, project: &Project) -> Result<PathBuf> {
        let name = match self.engine {
            Engine::Chromium => "webdriver.json".to_owned(),
            other => format!("webdriver-{}.json", other.name()),
        };
        let file = project.target.join(name);
        fs::create_dir_all(&project.target)
            .and_then(|()| fs::write(&file, self.webdriver_settings().to_string()))
            .with_context(|| format!("writing {}", file.display()))?;
        Ok(file)
    }

    fn webdriver_settings(&self) -> Value {
        match self.engine {
            Engine::Chromium => {
                json!({ "goog:chromeOptions": { "binary": self.browser, "args": chromium::ARGUMENTS } })
            }
            // The runner adds that nobody is to see it.
            Engine::Firefox => json!({ "moz:firefoxOptions": { "binary": self.browser } }),
            Engine::Webkit => json!({}),
        }
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

/// The program that the first of these variables names, as a path or as a name on PATH. Nothing else is taken then.
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

/// Applications of macOS, which are not on PATH; also looked for in the home folder.
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

    fn browser(engine: Engine, screen: Option<&str>) -> Browser {
        Browser {
            engine,
            driver: "/bin/driver".into(),
            browser: (engine != Engine::Webkit).then(|| "/bin/browser".into()),
            screen: screen.map(PathBuf::from),
        }
    }

    fn value<'a>(command: &'a Command, name: &str) -> Option<Option<&'a OsStr>> {
        command.get_envs().find(|(one, _)| *one == name).map(|(_, value)| value)
    }

    #[test]
    fn stories_are_told_the_engine_and_where_it_is() {
        for engine in Engine::ALL {
            let command = browser(engine, None).for_stories(Command::new("cargo"));
            assert_eq!(value(&command, "E2E_ENGINE"), Some(Some(OsStr::new(engine.name()))));
            assert_eq!(value(&command, "E2E_DRIVER"), Some(Some(OsStr::new("/bin/driver"))));
            let expected = (engine != Engine::Webkit).then(|| OsStr::new("/bin/browser"));
            assert_eq!(value(&command, "E2E_BROWSER"), Some(expected), "{engine:?}");
        }
    }

    #[test]
    fn a_command_on_a_screen_is_the_same_command() {
        let mut command = Command::new("/bin/cargo");
        command.args(["test", "--", "a b"]).env("A", "1").env_remove("B").current_dir("/somewhere");
        let wrapped = browser(Engine::Webkit, Some("/bin/xvfb-run")).on_screen(command);
        assert_eq!(wrapped.get_program(), "/bin/xvfb-run");
        let arguments: Vec<_> = wrapped.get_args().collect();
        assert_eq!(arguments[2..], ["/bin/cargo", "test", "--", "a b"]);
        assert_eq!(value(&wrapped, "A"), Some(Some(OsStr::new("1"))));
        assert_eq!(value(&wrapped, "B"), Some(None));
        assert_eq!(wrapped.get_current_dir(), Some(Path::new("/somewhere")));
    }
}
