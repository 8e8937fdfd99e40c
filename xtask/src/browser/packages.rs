//! A distribution's packages with browsers and drivers in them.

use std::fs;

use anyhow::{Context, Result};

use crate::run::{self, Project};

/// What a system calls the packages that are wanted.
pub(super) struct Packages {
    pub(super) debian: &'static [&'static str],
    pub(super) ubuntu: &'static [&'static str],
    pub(super) fedora: &'static [&'static str],
    /// What follows `brew install`; none where there is no such thing for macOS.
    pub(super) brew: Option<&'static str>,
    /// For all others, and after each command: what to get, or which variables to set.
    pub(super) otherwise: &'static str,
}

impl Packages {
    /// Where we may, that is as root of a Debian.
    pub(super) fn can_be_installed(project: &Project) -> bool {
        run::on_path(&["apt-get"]).is_some() && is_root(project)
    }

    pub(super) fn install(&self, project: &Project, what: &str) -> Result<()> {
        run::heading(format!("installing {what} with apt-get"));
        run::check(project.command("apt-get").arg("update")).with_context(|| self.how_to_install())?;
        let mut install = project.command("apt-get");
        install.args(["install", "-y", "--no-install-recommends"]).args(self.of_apt());
        run::check(install.env("DEBIAN_FRONTEND", "noninteractive")).with_context(|| self.how_to_install())
    }

    pub(super) fn how_to_install(&self) -> String {
        let command = if run::on_path(&["apt-get"]).is_some() {
            let packages = self.of_apt().join(" ");
            format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}")
        } else if run::on_path(&["dnf"]).is_some() {
            format!("sudo dnf install {}", self.fedora.join(" "))
        } else {
            match self.brew.filter(|_| cfg!(target_os = "macos")) {
                Some(packages) => format!("brew install {packages}"),
                None => return self.otherwise.to_owned(),
            }
        };
        format!("`{command}` installs what is needed. Or: {}", self.otherwise)
    }

    fn of_apt(&self) -> &'static [&'static str] {
        let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
        if system.lines().any(|line| line == "ID=ubuntu") { self.ubuntu } else { self.debian }
    }
}

/// Without the libc crate.
fn is_root(project: &Project) -> bool {
    run::output(project.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
