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
    let copy = project.at(root);
    let git = |arguments: &[&str]| run::check(copy.command("git").args(arguments));
    // In the project's own repository, the copy is a part that git ignores: it would list no file of it.
    git(&["init", "--quiet"])?;
    git(&["apply", "--whitespace=nowarn", PATCH])
        .with_context(|| format!("{PATCH} no longer fits: change it with the code"))?;
    git(&["add", "--all"])?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_fits_the_code_or_the_copy_has_it() {
        let project = Project::find().unwrap();
        let check = |more| run::output(project.command("git").args(["apply", "--check", PATCH]).args(more));
        check(None).or_else(|error| check(Some("--reverse")).map_err(|_| error)).unwrap();
    }
}
