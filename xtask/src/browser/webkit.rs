//! Finds WebKitGTK's driver, which brings its browser along, and a screen that nobody sees.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::packages::Packages;
use super::{Browser, named_by};
use crate::cli::Engine;
use crate::run::{self, Project};

const PACKAGES: Packages = Packages {
    debian: &["webkit2gtk-driver", "xvfb", "xauth"],
    ubuntu: &["webkit2gtk-driver", "xvfb", "xauth"],
    // By their files: the packages' names change with each of its versions.
    fedora: &["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run"],
    brew: None,
    otherwise: "install WebKitGTK's WebKitWebDriver (there is one for Linux only) and xvfb-run, or set \
                WEBKIT_DRIVER to where the driver is.",
};

pub(super) fn find(project: &Project) -> Result<Browser> {
    let mut found = (driver()?, screen());
    if (found.0.is_none() || !found.1.is_usable()) && Packages::can_be_installed(project) {
        PACKAGES.install(project, "WebKitGTK's driver and a screen for it")?;
        found = (driver()?, screen());
    }
    let (Some(driver), screen) = found else {
        bail!("there is no WebKitWebDriver. {}", PACKAGES.how_to_install())
    };
    // It would wait for ever.
    if !screen.is_usable() {
        bail!(
            "WebKitGTK needs a screen: there is neither xvfb-run nor DISPLAY. {}",
            PACKAGES.how_to_install()
        )
    }
    let screen = screen.unseen;
    Ok(Browser { engine: Engine::Webkit, driver, browser: None, screen })
}

fn driver() -> Result<Option<PathBuf>> {
    Ok(named_by(&["WEBKIT_DRIVER"])?.or_else(|| run::on_path(&["WebKitWebDriver"])))
}

struct Screen {
    /// Rather than the user's own, where windows would come and go.
    unseen: Option<PathBuf>,
    is_there: bool,
}

impl Screen {
    fn is_usable(&self) -> bool {
        self.unseen.is_some() || self.is_there
    }
}

fn screen() -> Screen {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    Screen { unseen: run::on_path(&["xvfb-run"]), is_there: is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") }
}
