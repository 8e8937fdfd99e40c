//! The stage `packages`: what crates.io would get, built as users may build it.

use anyhow::{Context, Result};
use fs_err as fs;

use crate::crates::{self, Crate};
use crate::run::{self, Project};
use crate::tools::{self, WASM};

/// Runs both checks, so that one run shows what has to be fixed.
pub(crate) fn check(project: &Project) -> Result<()> {
    run::heading("packages: what crates.io would get, with the oldest Rust and the oldest dependencies");
    let built = packages(project);
    run::heading("packages: licences and sources of dependencies");
    let allowed = deny(project);
    built.and(allowed)
}

/// Builds the unpacked crates with the Rust version that they declare, and the lowest versions that they allow of what
/// they name: with all features, and with each pair of them.
fn packages(project: &Project) -> Result<()> {
    let crates = crates::published(project)?;
    crates::check_manifests(&crates)?;
    let folder = crates::package(project, &crates)?;
    fs::write(folder.join("Cargo.toml"), workspace_of(&crates))?;
    let mut lock = project.cargo(["generate-lockfile", "-Zdirect-minimal-versions"]);
    // The option is for nightly; it chooses versions alone, and nothing is compiled with this variable.
    run::check(lock.current_dir(&folder).env("RUSTC_BOOTSTRAP", "1"))?;

    let toolchain = tools::oldest_rust(project)?;
    let path = tools::path_with(&tools::cargo_hack(project)?)?;
    let cargo = |arguments: &[&str]| {
        let mut command = project.command("rustup");
        command.args(["run", &toolchain, "cargo"]).args(arguments).arg("--locked").current_dir(&folder);
        command.env("CARGO_TARGET_DIR", project.target.join("oldest")).env("PATH", &path);
        // Else cargo would use the compiler that xtask was built with.
        for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(name);
        }
        run::check(&mut command)
    };
    let names = |is_native: bool| {
        let chosen = crates.iter().filter(move |package| package.is_native() == is_native);
        chosen.flat_map(|package| ["--package", &package.name])
    };
    let native: Vec<_> = names(true).collect();
    let wasm: Vec<_> = names(false).chain(["--target", WASM]).collect();
    cargo(&["check", "--workspace", "--all-features"])?;
    cargo(&[&["check", "--all-features"], &wasm[..]].concat())?;
    const PAIRS: [&str; 5] = ["hack", "check", "--feature-powerset", "--depth", "2"];
    cargo(&[&PAIRS, &native[..]].concat())?;
    cargo(&[&PAIRS, &wasm[..]].concat())
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

fn deny(project: &Project) -> Result<()> {
    let bin = tools::cargo_deny(project)?;
    let mut command = project.cargo(["deny", "--all-features", "check", "licenses", "bans", "sources"]);
    run::check(command.env("PATH", tools::path_with(&bin)?)).context("deny.toml has the rules")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_oldest_rust_is_that_of_the_manifest() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(manifest.contains(&format!("rust-version = \"{}\"", crate::tools::OLDEST_RUST)));
    }
}
