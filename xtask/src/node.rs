//! Node and npm, and the packages of the servers made of supertokens-node.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::run::{self, Project};

/// The oldest with all that the servers and `node --test` use.
const LEAST: (u32, u32) = (18, 19);

/// The folders with a package.json: the current SDK, and the last one of the older generation.
const FOLDERS: [&str; 2] = ["tests/sdk", "tests/sdk/old"];

/// Makes sure of node, npm and all packages. The folder of the servers, and the program node.
pub(crate) fn prepare(project: &Project) -> Result<(PathBuf, PathBuf)> {
    let node = install(project, &FOLDERS)?;
    Ok((project.root.join(FOLDERS[0]), node))
}

/// Whether there is npm at all.
pub(crate) fn is_there() -> bool {
    run::on_path(npm_names()).is_some()
}

/// Makes sure of node, npm and the packages of these folders. The program node.
pub(crate) fn install(project: &Project, folders: &[&str]) -> Result<PathBuf> {
    let node = run::on_path(&["node"]).with_context(|| format!("there is no node. {}", how_to_install()))?;
    let printed = run::output(project.command(&node).arg("--version"))
        .with_context(|| format!("asking {} for its version", node.display()))?;
    let version = version_in(&printed)
        .with_context(|| format!("`node --version` prints no version: {}", printed.trim()))?;
    if version < LEAST {
        let (major, minor) = LEAST;
        bail!("node is {}, and must be {major}.{minor} or later. {}", printed.trim(), how_to_install());
    }
    let npm = run::on_path(npm_names()).with_context(|| format!("there is no npm. {}", how_to_install()))?;
    for name in folders {
        let folder = project.root.join(name);
        if !is_fresh(&folder) {
            run::heading(format!("installing the packages of {name}"));
            let mut install = project.command(&npm);
            install.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
            run::check(&mut install)
                .with_context(|| format!("the packages of {name} are missing, and npm did not get them"))?;
        }
    }
    Ok(node)
}

fn npm_names() -> &'static [&'static str] {
    if cfg!(windows) { &["npm.cmd", "npm"] } else { &["npm"] }
}

/// `(20, 11)` in `v20.11.1`.
fn version_in(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Whether npm has finished an installation since the lock file was last changed.
fn is_fresh(folder: &Path) -> bool {
    // Written at the very end of an installation.
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    match (installed, changed(&folder.join("package-lock.json"))) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

fn how_to_install() -> String {
    let command = if run::on_path(&["apt-get"]).is_some() {
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends nodejs npm"
    } else if run::on_path(&["dnf"]).is_some() {
        "sudo dnf install nodejs npm"
    } else if cfg!(target_os = "macos") {
        "brew install node"
    } else if env::consts::OS == "windows" {
        "winget install OpenJS.NodeJS.LTS"
    } else {
        return "Install Node.js with npm from https://nodejs.org.".to_owned();
    };
    format!("`{command}` gets both; if that is older, take them from https://nodejs.org.")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(version_in("v20.11.1\n"), Some((20, 11)));
        assert_eq!(version_in("v18.19.0-nightly"), Some((18, 19)));
        assert_eq!(version_in("20.11.1"), None);
        assert_eq!(version_in("v20"), None);
        assert!(version_in("v18.9.1") < Some(LEAST));
        assert!(version_in("v100.0.0") > Some(LEAST));
    }

    #[test]
    fn packages_are_fresh_if_they_were_installed_after_the_lock_file_was_changed() -> Result<()> {
        let folder = env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
        let (lock, installed) =
            (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
        fs::create_dir_all(folder.join("node_modules"))?;
        fs::write(&lock, "{}")?;
        assert!(!is_fresh(&folder), "nothing is installed");
        fs::write(&installed, "{}")?;
        let now = SystemTime::now();
        let set = |file, time| fs::File::options().write(true).open(file)?.set_modified(time);
        set(&lock, now)?;
        set(&installed, now - Duration::from_secs(60))?;
        assert!(!is_fresh(&folder), "the lock file is newer");
        set(&installed, now + Duration::from_secs(60))?;
        assert!(is_fresh(&folder));
        fs::remove_dir_all(folder)?;
        Ok(())
    }
}
