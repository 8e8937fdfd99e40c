//! Packages of an operating system with the programs that tests need.

use anyhow::{Context, Result, bail};

use crate::run::{self, Project};

pub(crate) struct Packages {
    /// The names in Debian.
    pub(crate) debian: &'static [&'static str],
    /// What to install elsewhere, or which variables to set.
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
            install.args(["install", "-y", "--no-install-recommends"]).args(self.debian);
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
        let packages = self.debian.join(" ");
        format!("On Debian, install the packages {packages}. On other systems, {}", self.otherwise)
    }
}
