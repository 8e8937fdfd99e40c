//! Node, npm, and the packages from npm.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::run::{self, Project};
use crate::system_packages::Packages;

/// The oldest version with all that the servers and `node --test` use.
const LEAST: (u32, u32) = (18, 19);

const PACKAGES: Packages =
    Packages { debian: &["nodejs", "npm"], otherwise: "install Node.js with npm from https://nodejs.org." };

pub(crate) fn npm() -> Option<PathBuf> {
    run::on_path(if cfg!(windows) { &["npm.cmd", "npm"] } else { &["npm"] })
}

/// Checks node and npm, installs the packages of these folders if they are not fresh, and returns the program node.
pub(crate) fn install(project: &Project, folders: &[&str]) -> Result<PathBuf> {
    let not_found = |name| format!("{name} not found. {}", PACKAGES.how_to_install());
    let node = run::on_path(&["node"]).with_context(|| not_found("node"))?;
    let printed = run::output(project.command(&node).arg("--version"))?;
    if version_in(&printed).is_none_or(|version| version < LEAST) {
        let (major, minor) = LEAST;
        bail!("node is {}, {major}.{minor} is needed. {}", printed.trim(), PACKAGES.how_to_install());
    }
    let npm = npm().with_context(|| not_found("npm"))?;
    for name in folders {
        let folder = project.root.join(name);
        if !is_fresh(&folder) {
            run::heading(format!("installing the packages of {name}"));
            let mut install = project.command(&npm);
            run::check(install.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
                .with_context(|| format!("npm could not install the packages of {name}"))?;
        }
    }
    Ok(node)
}

/// `(20, 11)` in `v20.11.1`.
fn version_in(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Whether npm has finished an installation since the lock file was last changed.
fn is_fresh(folder: &Path) -> bool {
    let changed =
        |file: &str| -> Option<SystemTime> { fs::metadata(folder.join(file)).ok()?.modified().ok() };
    // npm writes this file at the very end.
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some_and(|installed| changed("package-lock.json").is_some_and(|locked| installed >= locked))
}
