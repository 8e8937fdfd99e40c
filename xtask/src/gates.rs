//! The stage `packages`: what crates.io would get, built as users may build it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::crates::{self, Crate};
use crate::run::{self, Project};
use crate::tools::{self, WASM};

/// Runs all checks, so that one run shows everything that has to be fixed.
pub(crate) fn check(project: &Project) -> Result<()> {
    let crates = crates::published(project)?;
    let packages = |project: &Project| {
        crates::check_manifests(&crates)?;
        oldest(project, &crates, &crates::package(project, &crates)?)
    };
    let checks: [(&str, &dyn Fn(&Project) -> Result<()>); 3] = [
        ("the packages, with the oldest Rust and the oldest dependencies", &packages),
        ("each pair of features", &|project| features(project, &crates)),
        ("licences and sources of dependencies, and crates that are there twice", &deny),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        run::heading(format!("packages: {name}"));
        if let Err(error) = check(project) {
            run::say(&format!("    {error:#}"));
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join(", ")) }
}

/// Builds the unpacked crates with the Rust version that they declare, and the lowest versions that they allow of what
/// they name.
fn oldest(project: &Project, crates: &[Crate], folder: &Path) -> Result<()> {
    let toolchain = tools::oldest_rust(project)?;
    fs::write(folder.join("Cargo.toml"), workspace_of(crates))?;
    let mut lock = project.cargo(["generate-lockfile", "-Zdirect-minimal-versions"]);
    // The option is for nightly; it chooses versions alone, and nothing is compiled with this variable.
    run::check(lock.current_dir(folder).env("RUSTC_BOOTSTRAP", "1"))?;
    let build = |arguments: &[&str]| {
        let mut command = project.command("rustup");
        command.args(["run", &toolchain, "cargo", "check", "--locked", "--all-features"]).args(arguments);
        command.current_dir(folder).env("CARGO_TARGET_DIR", project.target.join("oldest"));
        without_toolchain(&mut command);
        run::check(&mut command)
    };
    let native = crates.iter().filter(|package| package.is_native());
    let excluded: Vec<_> = native.flat_map(|package| ["--exclude", &package.name]).collect();
    build(&["--workspace"])?;
    build(&[&["--workspace", "--target", WASM], &excluded[..]].concat())
}

/// Else cargo would use the compiler that xtask was built with.
fn without_toolchain(command: &mut Command) {
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
}

/// A workspace in which the unpacked crates find each other.
fn workspace_of(crates: &[Crate]) -> String {
    let names = || crates.iter().map(|package| package.name.as_str());
    let members: Vec<_> = names().map(|name| format!("\"{name}\"")).collect();
    let patches: String = names().map(|name| format!("{name} = {{ path = \"{name}\" }}\n")).collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[patch.crates-io]\n{patches}",
        members.join(", ")
    )
}

fn features(project: &Project, crates: &[Crate]) -> Result<()> {
    let bin = tools::cargo_hack(project)?;
    let hack = |packages: Vec<&Crate>, arguments: &[&str]| {
        let mut command = project.cargo(["hack", "check", "--feature-powerset", "--depth", "2"]);
        command.args(packages.iter().flat_map(|package| ["--package", &package.name])).args(arguments);
        run::check(command.env("PATH", tools::path_with(&bin)?))
    };
    let (native, both): (Vec<_>, Vec<_>) = crates.iter().partition(|package| package.is_native());
    hack(native, &[])?;
    hack(both, &["--target", WASM])
}

fn deny(project: &Project) -> Result<()> {
    let bin = tools::cargo_deny(project)?;
    let mut command = project.cargo(["deny", "--all-features", "check", "licenses", "bans", "sources"]);
    run::check(command.env("PATH", tools::path_with(&bin)?)).context("deny.toml has the rules")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_oldest_rust_is_at_least_that_of_the_lints() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(manifest.contains(&format!("rust-version = \"{}\"", crate::tools::OLDEST_RUST)));
    }
}
