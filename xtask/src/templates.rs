//! Builds the apps of `examples/templates` as users do who have copied them, but with the library of this checkout.

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::files;
use crate::run::{self, Project};
use crate::site::{self, Bindgen, TrunkPage};
use crate::tools::WASM;

const FOLDER: &str = "examples/templates";
const TRUNK: &str = "trunk";
const SSR: &str = "ssr";

/// Where users get the library.
const SOURCE: &str = "git = \"https://github.com/supertokens-leptos/supertokens-leptos\"";

/// The copy is in no workspace, wherever the target folder is. A warning would greet each new user.
const ADDED: &str = "\n[workspace]\n\n[lints.rust]\nwarnings = \"deny\"\n";

/// The manifests, for `cargo fmt`.
pub(crate) fn manifests() -> [String; 2] {
    [TRUNK, SSR].map(|name| format!("{FOLDER}/{name}/Cargo.toml"))
}

/// Builds the app that runs in the browser, and returns the folder of its site.
pub(crate) fn trunk(project: &Project) -> Result<PathBuf> {
    let app = Copied::new(project, TRUNK)?;
    let page = TrunkPage::read(&app.folder)?;
    let bindgen = Bindgen::find(project)?;
    run::heading(format!("templates: building {FOLDER}/{TRUNK}"));
    run::check(&mut app.cargo(["build", "--target", WASM]))?;
    page.write_site(&bindgen, &site::wasm_of(project, "trunk-app", "debug"), "site-template-trunk", false)
}

/// Builds the app that a server renders, for this API. Returns the server, and the folder of its files.
pub(crate) fn ssr(project: &Project, api_domain: &str) -> Result<(PathBuf, PathBuf)> {
    let app = Copied::new(project, SSR)?;
    let bindgen = Bindgen::find(project)?;
    let build =
        |arguments: &[&str]| run::check(app.cargo(["build"]).args(arguments).env("API_DOMAIN", api_domain));
    run::heading(format!("templates: building {FOLDER}/{SSR} for the browser"));
    build(&["--lib", "--features", "hydrate", "--target", WASM])?;
    let files = site::replace(project, "site-template-ssr", |new| {
        let pkg = new.join("pkg");
        bindgen.bind(&site::wasm_of(project, "app", "debug"), &pkg, "app", false)?;
        files::copy(&app.folder.join("style.css"), &pkg.join("app.css"))
    })?;
    run::heading(format!("templates: building the server of {FOLDER}/{SSR}"));
    build(&["--bin", "ssr-app", "--features", "ssr"])?;
    Ok((project.target.join("debug").join("ssr-app"), files))
}

/// A free port for the API, mostly the same one: the app is built for it. Systems give clients ports from 32768 on.
pub(crate) fn api_port() -> Result<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (3101..3200).find(is_free).context("no port from 3101 to 3199 is free")
}

/// A template, copied as git has it, with the versions of this project's Cargo.lock.
struct Copied<'a> {
    project: &'a Project,
    folder: PathBuf,
}

impl<'a> Copied<'a> {
    fn new(project: &'a Project, name: &str) -> Result<Self> {
        let (from, folder) = (format!("{FOLDER}/{name}"), project.target.join("templates").join(name));
        files::clear(&folder)?;
        for file in files::list(project, &from)? {
            files::copy(&project.root.join(&file), &folder.join(file.strip_prefix(&from)?))?;
        }
        let manifest = folder.join("Cargo.toml");
        let text = with_library_at(&project.root, &fs::read_to_string(&manifest)?)
            .with_context(|| format!("{from}/Cargo.toml"))?;
        fs::write(&manifest, text)?;
        files::copy(&project.root.join("Cargo.lock"), &folder.join("Cargo.lock"))?;
        Ok(Self { project, folder })
    }

    fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut cargo = self.project.cargo(arguments);
        cargo.current_dir(&self.folder);
        // The workspace's profile, so that it shares the compiled dependencies.
        if env::var_os("CARGO_PROFILE_DEV_DEBUG").is_none() {
            cargo.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
        }
        cargo
    }
}

/// A template's manifest, with the library in this folder. Cargo fetches a git source even if `patch` replaces all of it.
fn with_library_at(root: &Path, manifest: &str) -> Result<String> {
    let path = format!("path = {:?}", root.to_string_lossy());
    match manifest.matches(SOURCE).count() {
        1 => Ok(manifest.replace(SOURCE, &path) + ADDED),
        count => bail!("`{SOURCE}` is in it {count} times, and not once"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFESTS: [&str; 2] = [
        include_str!("../../examples/templates/trunk/Cargo.toml"),
        include_str!("../../examples/templates/ssr/Cargo.toml"),
    ];

    #[test]
    fn only_the_source_of_the_library_differs_from_what_users_copy() -> Result<()> {
        for manifest in MANIFESTS {
            let changed = with_library_at(Path::new("/here"), manifest)?;
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let (before, after) = (lines(manifest), lines(changed.strip_suffix(ADDED).unwrap_or_default()));
            let differ: Vec<_> =
                before.iter().zip(&after).filter(|(before, after)| before != after).collect();
            assert_eq!((before.len(), differ.len()), (after.len(), 1), "{changed}");
            assert!(differ[0].1.starts_with("supertokens-leptos = { path = \"/here\""), "{changed}");
        }
        Ok(())
    }

    #[test]
    fn a_template_with_another_source_of_the_library_is_an_error() {
        let other = MANIFESTS[0].replace(SOURCE, "version = \"0.1\"");
        for manifest in [other, MANIFESTS[0].repeat(2)] {
            assert!(with_library_at(Path::new("/here"), &manifest).is_err(), "{manifest}");
        }
    }

    #[test]
    fn the_templates_get_the_library_as_the_readme_does() {
        assert!(include_str!("../../README.md").contains(&format!("supertokens-leptos = {{ {SOURCE}")));
    }

    #[test]
    fn both_templates_have_the_same_style_sheet() {
        let trunk = include_str!("../../examples/templates/trunk/style.css");
        assert_eq!(include_str!("../../examples/templates/ssr/style.css"), trunk);
    }

    /// cargo-generate would replace such parts.
    #[test]
    fn cargo_generate_copies_the_files_as_they_are() -> Result<()> {
        let project = Project::find()?;
        let files = files::list(&project, FOLDER)?;
        assert!(files.len() > 10, "the templates were not found");
        for file in files {
            let text = fs::read_to_string(project.root.join(&file))?;
            assert!(!text.contains("{{") && !text.contains("{%"), "{}", file.display());
        }
        Ok(())
    }
}
