//! A copy of the project for Leptos 0.9.

use anyhow::{Context, Result};

use crate::files;
use crate::run::{self, Project};

const PATCH: &str = "tests/leptos-0.9/leptos-0.9.patch";

/// Copies the project's files into the target folder and applies the patch. Builds share the target folder.
pub(crate) fn copy(project: &Project) -> Result<Project> {
    let root = project.target.join("leptos-0.9");
    run::heading(format!("a copy for Leptos 0.9: {}", root.display()));
    files::clear(&root)?;
    for file in files::list(project, ".")? {
        files::copy(&project.root.join(&file), &root.join(file))?;
    }
    let mut patch = project.command("git");
    patch.args(["apply", "--whitespace=nowarn"]).arg(project.root.join(PATCH)).current_dir(&root);
    // Else git takes the copy for a part of the project.
    patch.env("GIT_CEILING_DIRECTORIES", &project.target);
    run::check(&mut patch).with_context(|| format!("{PATCH} no longer fits: change it with the code"))?;
    Ok(project.at(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_fits_the_code() {
        let project = Project::find().unwrap();
        run::output(project.command("git").args(["apply", "--check", PATCH])).unwrap();
    }
}
