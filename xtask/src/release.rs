//! `cargo xtask release`: prepares a version, so that publishing it is two commands.

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use semver::Version;
use time::OffsetDateTime;

use crate::cli::Release;
use crate::crates;
use crate::run::{self, Project};
use crate::tools;

const CHANGELOG: &str = "CHANGELOG.md";
const UNRELEASED: &str = "## [Unreleased]";

/// Checks the release; unless it is a dry run, writes the versions and the changelog, commits and tags.
pub(crate) fn release(project: &Project, options: &Release) -> Result<()> {
    let crates = crates::published(project)?;
    let current = &crates.first().context("no crate is published")?.version;
    let version = options.version.as_ref().unwrap_or(current);
    ensure!(version >= current, "{version} is older than {current}");

    run::heading(format!("release {version}: manifests, changelog, tag"));
    crates::check_manifests(&crates)?;
    let changelog = fs::read_to_string(project.root.join(CHANGELOG))?;
    let changelog = dated_changelog(&changelog, version, &OffsetDateTime::now_utc().date().to_string())?;
    let tag = format!("v{version}");
    let tags = run::output(project.command("git").args(["tag", "--list"]))?;
    ensure!(!tags.lines().any(|line| line == tag), "the tag {tag} exists: choose the next version");
    compare_api(project, tags.lines().any(|line| line.starts_with('v')))?;

    run::heading(format!("release {version}: a dry run of publishing"));
    crates::package(project, &crates)?;

    if options.dry_run {
        run::say(&format!(
            "a release would now write version {version} and the changelog, commit, and tag {tag}"
        ));
    } else {
        commit(project, current, version, &changelog)?;
    }
    run::heading("then publish, in this order");
    for package in &crates {
        run::say(&format!("    {} {version}", package.name));
    }
    run::say(&format!("    $ cargo publish --workspace\n    $ git push origin main {tag}"));
    Ok(())
}

/// Compares the API with the last release, once there is one.
fn compare_api(project: &Project, has_base: bool) -> Result<()> {
    if !has_base {
        run::say("    no release to compare the API with: cargo-semver-checks runs from the second one on");
        return Ok(());
    }
    let bin = tools::cargo_semver_checks(project)?;
    let mut command = project.cargo(["semver-checks", "--workspace"]);
    run::check(command.env("PATH", tools::path_with(&bin)?))
}

fn commit(project: &Project, current: &Version, version: &Version, changelog: &str) -> Result<()> {
    let status = run::output(project.command("git").args(["status", "--porcelain"]))?;
    ensure!(status.is_empty(), "commit your changes first:\n{status}");
    let manifest = project.root.join("Cargo.toml");
    fs::write(&manifest, with_new_versions(&fs::read_to_string(&manifest)?, current, version))?;
    fs::write(project.root.join(CHANGELOG), changelog)?;
    run::check(&mut project.cargo(["update", "--workspace", "--offline"]))?;
    let git = |arguments: &[&str]| run::check(project.command("git").args(arguments));
    git(&["commit", "--all", "--message", &format!("release: publish version {version}")])?;
    git(&["tag", "--annotate", &format!("v{version}"), "--message", &format!("Version {version}")])
}

/// The manifest with the new version of the workspace, also in the pins of its crates.
fn with_new_versions(manifest: &str, current: &Version, version: &Version) -> String {
    let manifest =
        manifest.replacen(&format!("\nversion = \"{current}\""), &format!("\nversion = \"{version}\""), 1);
    manifest.replace(&format!("version = \"={current}\""), &format!("version = \"={version}\""))
}

/// The changelog with what was unreleased below a heading of the version.
fn dated_changelog(changelog: &str, version: &Version, date: &str) -> Result<String> {
    let (before, after) = changelog
        .split_once(UNRELEASED)
        .with_context(|| format!("{CHANGELOG} has no heading {UNRELEASED}"))?;
    let changes = after.split("\n## ").next().unwrap_or_default();
    ensure!(
        changes.lines().any(|line| line.starts_with("- ")),
        "{CHANGELOG} has no change under {UNRELEASED}"
    );
    let heading = format!("\n## [{version}]");
    ensure!(!after.contains(&heading), "{CHANGELOG} has version {version} already");
    Ok(format!("{before}{UNRELEASED}\n{heading} - {date}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: &str =
        "# Changelog\n\n## [Unreleased]\n\n### Added\n- This.\n\n## [0.1.0] - 2026-01-02\n- That.\n";

    #[test]
    fn the_changes_so_far_get_the_version_and_the_date() {
        let dated = dated_changelog(CHANGES, &Version::new(0, 2, 0), "2026-03-04").unwrap();
        let expected =
            "## [Unreleased]\n\n## [0.2.0] - 2026-03-04\n\n### Added\n- This.\n\n## [0.1.0] - 2026-01-02\n";
        assert!(dated.contains(expected), "{dated}");
    }

    #[test]
    fn a_changelog_without_changes_or_with_the_version_is_refused() {
        let dated = dated_changelog(CHANGES, &Version::new(0, 2, 0), "2026-03-04").unwrap();
        let why = |changelog, minor| {
            dated_changelog(changelog, &Version::new(0, minor, 0), "").unwrap_err().to_string()
        };
        assert!(why(&dated, 3).contains("no change"));
        assert!(why(CHANGES, 1).contains("already"));
        assert!(why("# Changelog", 1).contains("no heading"));
    }

    #[test]
    fn the_version_and_all_pins_are_written_and_other_versions_stay() {
        let manifest =
            "[workspace.package]\nversion = \"0.1.0\"\n[d]\na = { version = \"=0.1.0\" }\nb = \"0.1.0\"\n";
        let expected =
            "[workspace.package]\nversion = \"0.2.0\"\n[d]\na = { version = \"=0.2.0\" }\nb = \"0.1.0\"\n";
        let (current, version) = (Version::new(0, 1, 0), Version::new(0, 2, 0));
        assert_eq!(with_new_versions(manifest, &current, &version), expected);
    }
}
