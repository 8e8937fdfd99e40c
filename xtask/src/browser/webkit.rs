//! Finds WebKitGTK's driver, which finds its browser, and a virtual screen.

use std::env;

use anyhow::Result;

use super::{Browser, named_by};
use crate::cli::Engine;
use crate::packages::Packages;
use crate::run::{self, Project};

const PACKAGES: Packages = Packages {
    debian: &["webkit2gtk-driver", "xvfb", "xauth"],
    ubuntu: &["webkit2gtk-driver", "xvfb", "xauth"],
    // By their files: the packages' names change with each version.
    fedora: &["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run"],
    brew: None,
    otherwise: "install WebKitGTK's WebKitWebDriver (Linux only) and xvfb-run, or set WEBKIT_DRIVER to the driver's \
                path.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let name = "WebKitWebDriver, or a screen for it (xvfb-run or DISPLAY),";
    let (driver, screen) = PACKAGES.find_or_install(project, name, || {
        let driver = named_by(&["WEBKIT_DRIVER"])?.or_else(|| run::on_path(&["WebKitWebDriver"]));
        // Preferred to the user's screen, where windows would open and close.
        let screen = run::on_path(&["xvfb-run"]);
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        // Without any screen the driver hangs.
        let has_screen = screen.is_some() || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        Ok(driver.filter(|_| has_screen).map(|driver| (driver, screen)))
    })?;
    Ok(Browser { engine: Engine::Webkit, driver, browser: None, screen })
}
