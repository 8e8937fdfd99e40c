//! What builds and tests need beside cargo: the target for wasm, wasm-bindgen in the version of Cargo.lock, geckodriver,
//! subcommands of cargo, the oldest Rust.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::run::{self, Project};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the standard library for wasm to rustc if it is missing.
pub(crate) fn wasm_target(project: &Project) -> Result<()> {
    // Asks rustc, because a distribution's Rust may have the target without rustup.
    let mut rustc = project.command(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let folder = run::output(rustc.args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let Some(rustup) = run::on_path(&["rustup"]) else {
        bail!("rustc has no target {WASM}; with rustup, `rustup target add {WASM}` adds it");
    };
    run::heading(format!("adding the target {WASM} to the Rust toolchain"));
    run::check(project.command(rustup).args(["target", "add", WASM]))
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`, which are installed if they are missing. Adds the
/// target for wasm too.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    wasm_target(project)?;
    let lock = fs::read_to_string(project.root.join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    let home = tools(project).join(format!("wasm-bindgen-{version}"));
    let own = home.join("bin");
    let on_path = run::on_path(&["wasm-bindgen"]).and_then(|file| file.parent().map(Path::to_owned));
    for folder in on_path.iter().chain([&own]) {
        if has_wasm_bindgen(project, folder, version) {
            return Ok(folder.clone());
        }
    }
    // Without `--locked`: the lock file inside the published package cannot always be resolved.
    install(project, "wasm-bindgen-cli", version, &[], &home)?;
    Ok(own)
}

fn has_wasm_bindgen(project: &Project, folder: &Path, version: &str) -> bool {
    ["wasm-bindgen", "wasm-bindgen-test-runner"].iter().all(|name| {
        let file = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        file.is_file()
            && run::output(project.command(file).arg("--version"))
                .is_ok_and(|text| text.split_whitespace().nth(1) == Some(version))
    })
}

/// The geckodriver in the target folder, which is installed if it is missing: few distributions have a package of it.
pub(crate) fn geckodriver(project: &Project) -> Result<PathBuf> {
    let version = "0.37.1";
    let home = tools(project).join(format!("geckodriver-{version}"));
    let file = home.join("bin").join(format!("geckodriver{}", env::consts::EXE_SUFFIX));
    if !file.is_file() {
        install(project, "geckodriver", version, &["--locked"], &home)?;
    }
    Ok(file)
}

/// The folder with cargo-hack.
pub(crate) fn cargo_hack(project: &Project) -> Result<PathBuf> {
    subcommand(project, "cargo-hack", "0.6.46")
}

/// The folder with cargo-deny.
pub(crate) fn cargo_deny(project: &Project) -> Result<PathBuf> {
    subcommand(project, "cargo-deny", "0.20.2")
}

/// The folder with cargo-semver-checks.
pub(crate) fn cargo_semver_checks(project: &Project) -> Result<PathBuf> {
    subcommand(project, "cargo-semver-checks", "0.51.0")
}

/// The folder with a subcommand of cargo, which is installed if it is missing.
fn subcommand(project: &Project, name: &str, version: &str) -> Result<PathBuf> {
    if let Some(folder) = run::on_path(&[name]).and_then(|file| file.parent().map(Path::to_owned)) {
        return Ok(folder);
    }
    let home = tools(project).join(format!("{name}-{version}"));
    let bin = home.join("bin");
    if !bin.join(format!("{name}{}", env::consts::EXE_SUFFIX)).is_file() {
        install(project, name, version, &["--locked"], &home)?;
    }
    Ok(bin)
}

/// `rust-version` of Cargo.toml.
pub(crate) const OLDEST_RUST: &str = "1.88";

/// The name of the toolchain with the oldest Rust that the crates support, with the target for wasm. It is installed if
/// it is missing.
pub(crate) fn oldest_rust(project: &Project) -> Result<String> {
    let toolchain = format!("{OLDEST_RUST}.0");
    let how = format!("rustup toolchain install {toolchain} --profile minimal --target {WASM}");
    let Some(rustup) = run::on_path(&["rustup"]) else {
        bail!("the oldest Rust is needed; with rustup, `{how}` installs it");
    };
    let rustc = ["run", &toolchain, "rustc", "--print", "target-libdir", "--target", WASM];
    let folder = run::output(project.command(&rustup).args(rustc)).unwrap_or_default();
    if folder.trim().is_empty() || !Path::new(folder.trim()).is_dir() {
        run::heading(format!("installing Rust {toolchain}, the oldest that the crates support"));
        let mut install = project.command(rustup);
        install.args(["toolchain", "install", &toolchain, "--profile", "minimal", "--target", WASM]);
        run::check(&mut install).with_context(|| format!("`{how}` installs it"))?;
    }
    Ok(toolchain)
}

/// `cargo install` with a profile that is quick to build.
fn install(project: &Project, package: &str, version: &str, args: &[&str], home: &Path) -> Result<()> {
    run::heading(format!("installing {package} {version} into the target folder (once, some minutes)"));
    let build = tools(project).join("build");
    let mut command = project.cargo(["install", package, "--version", version]);
    command.args(args).arg("--root").arg(home).arg("--target-dir").arg(&build);
    // As variables, because the workspace's release profile is for small downloads.
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env_remove("CARGO_BUILD_TARGET");
    let how = format!("`cargo install {package} --version {version}` puts it on PATH, where xtask finds it");
    run::check(&mut command).with_context(|| format!("{package} could not be installed; {how}"))?;
    // Hundreds of megabytes.
    let _ = fs::remove_dir_all(build);
    Ok(())
}

/// The programs that xtask installs.
fn tools(project: &Project) -> PathBuf {
    project.target.join("tools")
}

/// PATH with this folder in front.
pub(crate) fn path_with(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).with_context(|| format!("{} cannot be part of PATH", folder.display()))
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_uses_the_locked_wasm_bindgen() {
        let version = locked_version(include_str!("../../Cargo.lock"), "wasm-bindgen").unwrap();
        let trunk = include_str!("../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{version}\"")), "Cargo.lock has {version}");
    }
}
