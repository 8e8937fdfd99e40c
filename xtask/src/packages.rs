//! Packages of an operating system with the programs that tests need.

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::run::{self, Project};

/// What systems call the packages.
pub(crate) struct Packages {
    pub(crate) debian: &'static [&'static str],
    pub(crate) ubuntu: &'static [&'static str],
    pub(crate) fedora: &'static [&'static str],
    /// What follows `brew install`; none if macOS has no such package.
    pub(crate) brew: Option<&'static str>,
    /// For other systems, and after each command: what to get, or which variables to set.
    pub(crate) otherwise: &'static str,
}

impl Packages {
    /// Returns what `find` finds. If it finds nothing, root on a Debian gets the packages first.
    pub(crate) fn find_or_install<T>(
        &self,
        project: &Project,
        name: &str,
        find: impl Fn() -> Result<Option<T>>,
    ) -> Result<T> {
        if let Some(found) = find()? {
            return Ok(found);
        }
        let is_root = || run::output(project.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        if run::on_path(&["apt-get"]).is_some() && is_root() {
            run::heading(format!("installing {name} with apt-get"));
            let mut install = project.command("apt-get");
            install.args(["install", "-y", "--no-install-recommends"]).args(self.of_apt());
            run::check(project.command("apt-get").arg("update"))
                .and_then(|()| run::check(install.env("DEBIAN_FRONTEND", "noninteractive")))
                .with_context(|| self.how_to_install())?;
            if let Some(found) = find()? {
                return Ok(found);
            }
        }
        bail!("{name} not found. {}", self.how_to_install())
    }

    pub(crate) fn how_to_install(&self) -> String {
        let command = if run::on_path(&["apt-get"]).is_some() {
            let packages = self.of_apt().join(" ");
            format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}")
        } else if run::on_path(&["dnf"]).is_some() {
            format!("sudo dnf install {}", self.fedora.join(" "))
        } else if let Some(packages) = self.brew.filter(|_| cfg!(target_os = "macos")) {
            format!("brew install {packages}")
        } else {
            return self.otherwise.to_owned();
        };
        format!("`{command}` installs what is needed. Or: {}", self.otherwise)
    }

    fn of_apt(&self) -> &'static [&'static str] {
        let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
        if system.lines().any(|line| line == "ID=ubuntu") { self.ubuntu } else { self.debian }
    }
}
