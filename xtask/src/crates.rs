//! The crates that are published: their folders, their order, and what crates.io would get.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;
use semver::Version;
use serde::Deserialize;
use serde_json::Value;

use crate::files;
use crate::run::{self, Project};
use crate::tools::WASM;

/// A crate that is published, as `cargo metadata` describes it.
#[derive(Deserialize)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: Version,
    description: Option<String>,
    license: Option<String>,
    repository: Option<String>,
    documentation: Option<String>,
    readme: Option<PathBuf>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    dependencies: Vec<Dependency>,
    #[serde(default)]
    metadata: Value,
    publish: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

impl Crate {
    /// Whether its code runs only on a server.
    pub(crate) fn is_native(&self) -> bool {
        !self.docs_rs_targets().iter().any(|target| target == WASM)
    }

    fn docs_rs_targets(&self) -> &[Value] {
        self.metadata["docs"]["rs"]["targets"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The crates of this workspace that must be on crates.io before it.
    fn needs(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies
            .iter()
            .filter(|needed| needed.path.is_some() && needed.kind.as_deref() != Some("dev"))
    }

    /// What a user would miss on crates.io or docs.rs.
    fn faults(&self, repository: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |holds: bool, fault: &str| {
            if !holds {
                faults.push(format!("{}: {fault}", self.name));
            }
        };
        check(self.description.as_ref().is_some_and(|text| text.len() > 30), "no description");
        check(self.license.as_deref() == Some("MIT OR Apache-2.0"), "another licence");
        check(self.repository.as_deref() == Some(repository), "another repository");
        let documentation = format!("https://docs.rs/{}", self.name);
        check(self.documentation.as_deref() == Some(&documentation), "no documentation URL");
        check(self.readme.is_some(), "no README");
        check((1..=5).contains(&self.keywords.len()), "no keywords");
        check(!self.categories.is_empty(), "no categories");
        check(self.metadata["docs"]["rs"]["all-features"] == true, "docs.rs does not get all features");
        check(!self.docs_rs_targets().is_empty(), "docs.rs gets no targets");
        for needed in self.needs() {
            let pin = format!("={}", self.version);
            check(needed.req == pin, &format!("needs {} {}, not {pin}", needed.name, needed.req));
        }
        faults
    }
}

/// The published crates, each after those that it needs.
pub(crate) fn published(project: &Project) -> Result<Vec<Crate>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Crate>,
    }
    let text = run::output(&mut project.cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&text).context("reading `cargo metadata`")?;
    in_order(metadata.packages.into_iter().filter(|package| package.publish.is_none()).collect())
}

fn in_order(mut left: Vec<Crate>) -> Result<Vec<Crate>> {
    let mut ordered: Vec<Crate> = Vec::new();
    while !left.is_empty() {
        let is_ready = |package: &Crate| {
            package.needs().all(|needed| ordered.iter().any(|before| before.name == needed.name))
        };
        let (ready, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_ready);
        ensure!(!ready.is_empty(), "the published crates need each other, or one that is not published");
        ordered.extend(ready);
        left = rest;
    }
    Ok(ordered)
}

/// Checks the manifests: all that crates.io and docs.rs show, the versions, and the licences.
pub(crate) fn check_manifests(crates: &[Crate]) -> Result<()> {
    let first = crates.first().context("no crate is published")?;
    let repository = first.repository.clone().unwrap_or_default();
    ensure!(repository.starts_with("https://"), "Cargo.toml names no repository");
    let mut faults: Vec<_> = crates.iter().flat_map(|package| package.faults(&repository)).collect();
    let others = crates.iter().filter(|package| package.version != first.version);
    faults.extend(others.map(|package| format!("{}: version {}", package.name, package.version)));
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("\n")) }
}

/// Packages the crates as `cargo publish` would, and unpacks them again: the folder with one folder for each.
pub(crate) fn package(project: &Project, crates: &[Crate]) -> Result<PathBuf> {
    // Without verification: the crates are built from what is unpacked here, with the oldest dependencies.
    const OPTIONS: [&str; 2] = ["--no-verify", "--allow-dirty"];
    run::check(project.cargo(["publish", "--workspace", "--dry-run"]).args(OPTIONS))?;
    let names = crates.iter().flat_map(|package| ["--package", &package.name]);
    run::check(project.cargo(["package", "--quiet"]).args(OPTIONS).args(names))?;
    let folder = project.target.join("published");
    files::clear(&folder)?;
    fs::create_dir_all(&folder)?;
    for package in crates {
        let name = format!("{}-{}", package.name, package.version);
        let archive = fs::File::open(project.target.join(format!("package/{name}.crate")))?;
        tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(&folder)?;
        let unpacked = folder.join(name);
        check_contents(&unpacked)?;
        fs::rename(unpacked, folder.join(&package.name))?;
    }
    Ok(folder)
}

/// Files beside `src` that a package has. Cargo adds three of them.
const FILES: [&str; 8] = [
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
];

fn check_contents(folder: &Path) -> Result<()> {
    for name in ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"] {
        let length = fs::metadata(folder.join(name)).map_or(0, |file| file.len());
        ensure!(length > 100, "{} has no {name}", folder.display());
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let is_known = name == "src" || FILES.iter().any(|file| name == *file);
        ensure!(is_known, "{} has the unneeded {}", folder.display(), name.to_string_lossy());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, needs: &[(&str, Option<&str>)]) -> Crate {
        let dependencies: Vec<_> = needs
            .iter()
            .map(|(name, kind)| json!({ "name": name, "req": "=1.0.0", "kind": kind, "path": "/x" }))
            .collect();
        let manifest = json!({ "name": name, "version": "1.0.0", "dependencies": dependencies });
        serde_json::from_value(manifest).unwrap()
    }

    #[test]
    fn crates_come_after_those_that_they_need() {
        let names =
            |packages| in_order(packages).map(|all| all.into_iter().map(|one| one.name).collect::<Vec<_>>());
        let ui = package("ui", &[("web", None), ("cases", Some("dev"))]);
        let (web, core) = (package("web", &[("core", None)]), package("core", &[]));
        assert_eq!(names(vec![ui, web, core]).unwrap(), ["core", "web", "ui"]);
        assert!(names(vec![package("a", &[("b", None)]), package("b", &[("a", None)])]).is_err());
    }

    #[test]
    fn a_manifest_without_what_users_see_is_refused() {
        let error = check_manifests(&[package("a", &[])]).unwrap_err();
        assert_eq!(error.to_string(), "Cargo.toml names no repository");
        let faults = package("a", &[]).faults("https://example.com/a");
        assert_eq!(faults.len(), 9, "{faults:?}");
    }

    #[test]
    fn a_dependency_that_is_not_pinned_is_refused() {
        let mut loose = package("a", &[("b", None)]);
        loose.version = Version::new(1, 0, 1);
        assert!(loose.faults("").iter().any(|fault| fault.contains("needs b =1.0.0, not =1.0.1")));
    }
}
