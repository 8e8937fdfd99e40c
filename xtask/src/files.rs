//! The project's files, and copies of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fs_err as fs;

use crate::run::{self, Project};

/// The files below a folder that git has or would add, with their paths from the root.
pub(crate) fn list(project: &Project, folder: &str) -> Result<Vec<PathBuf>> {
    let mut git = project.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", folder]);
    let files = run::output(&mut git).context("listing the project's files needs a git checkout")?;
    // A tracked file may be deleted.
    Ok(files.lines().map(PathBuf::from).filter(|file| project.root.join(file).is_file()).collect())
}

/// Removes a folder, if it exists.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Copies a file, or a folder with everything in it. Links are followed: the licences of the crates are links.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to)?;
    Ok(())
}
