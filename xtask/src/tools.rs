//! What builds and tests need beside cargo: the target for wasm, the wasm-bindgen of exactly Cargo.lock's version,
//! Firefox's driver.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::run::{self, Project};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that rustc has the standard library for wasm.
pub(crate) fn wasm_target(project: &Project) -> Result<()> {
    if has_wasm_target(project)? {
        return Ok(());
    }
    let command = format!("rustup target add {WASM}");
    let Some(rustup) = run::on_path(&["rustup"]) else {
        bail!("rustc has no target {WASM}; with rustup, `{command}` adds it");
    };
    run::heading(format!("adding the target {WASM} to the Rust toolchain"));
    run::check(project.command(rustup).args(["target", "add", WASM]))
        .with_context(|| format!("the target {WASM} is missing, and `{command}` did not add it"))?;
    if !has_wasm_target(project)? {
        bail!("`{command}` went through, and yet rustc does not find the target's standard library");
    }
    Ok(())
}

/// Asks rustc and not rustup: a distribution's Rust may have the target too.
fn has_wasm_target(project: &Project) -> Result<bool> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = project.command(rustc);
    let folder = run::output(command.args(["--print", "target-libdir", "--target", WASM]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`, which are installed if need be.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    let lock = project.root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;

    let home = tools(project).join(format!("wasm-bindgen-{version}"));
    let own = home.join("bin");
    let on_path = run::on_path(&["wasm-bindgen"]).and_then(|file| file.parent().map(Path::to_owned));
    for folder in [on_path, Some(own.clone())].into_iter().flatten() {
        if has_wasm_bindgen(project, &folder, version) {
            return Ok(folder);
        }
    }

    // Not `--locked`: the lock file inside the published package is not always one that can be resolved.
    install(project, "wasm-bindgen-cli", version, false, &home)?;
    if has_wasm_bindgen(project, &own, version) {
        Ok(own)
    } else {
        Err(anyhow!("cargo install put no working wasm-bindgen {version} into {}", own.display()))
    }
}

fn has_wasm_bindgen(project: &Project, folder: &Path, version: &str) -> bool {
    ["wasm-bindgen", "wasm-bindgen-test-runner"].iter().all(|name| {
        let file = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let printed = file.is_file().then(|| run::output(project.command(file).arg("--version")));
        printed.and_then(Result::ok).is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
    })
}

/// `cargo install` with a profile that is quick to build, for this program alone.
fn install(project: &Project, package: &str, version: &str, locked: bool, home: &Path) -> Result<()> {
    run::heading(format!("installing {package} {version} into the target folder (once, some minutes)"));
    let build = tools(project).join("build");
    let mut command = project.cargo(["install", package, "--version", version]);
    command.args(locked.then_some("--locked"));
    command.arg("--root").arg(home).arg("--target-dir").arg(&build);
    // The app's own profile must not see these.
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env_remove("CARGO_BUILD_TARGET");
    run::check(&mut command).with_context(|| {
        format!(
            "{package} {version} is missing and could not be installed; \
             `cargo install {package} --version {version}` puts it on your PATH, where xtask finds it"
        )
    })?;
    // Hundreds of megabytes that nobody needs again.
    let _ = fs::remove_dir_all(build);
    Ok(())
}

/// Few distributions have a package of it.
const GECKODRIVER: &str = "0.37.1";

/// Firefox's driver: the one on PATH, else one in the target folder, which is installed if need be.
pub(crate) fn geckodriver(project: &Project) -> Result<PathBuf> {
    if let Some(file) = run::on_path(&["geckodriver"]) {
        return Ok(file);
    }
    let home = tools(project).join(format!("geckodriver-{GECKODRIVER}"));
    let file = home.join("bin").join(format!("geckodriver{}", env::consts::EXE_SUFFIX));
    if !file.is_file() {
        install(project, "geckodriver", GECKODRIVER, true, &home)?;
    }
    Ok(file)
}

/// Programs that the project fetched for itself.
fn tools(project: &Project) -> PathBuf {
    project.target.join("tools")
}

/// The wasm-opt of npm's binaryen 132, if it was put into the tools folder.
///
/// Never one from PATH: old versions, such as binaryen 108, break the app without a word.
pub(crate) fn wasm_opt(project: &Project) -> Option<PathBuf> {
    let modules = tools(project).join("npm/node_modules");
    let package = fs::read_to_string(modules.join("binaryen/package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_str(&package).ok()?;
    let known = package["version"].as_str()?.starts_with("132.");
    let file = modules.join(".bin/wasm-opt");
    (known && file.is_file()).then_some(file)
}

/// PATH with this folder at its front.
pub(crate) fn path_with(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).with_context(|| format!("{} cannot be part of PATH", folder.display()))
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let value = |line: &'a str, key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
    let mut lines = lock.lines();
    lines.find(|line| value(line, "name") == Some(package))?;
    lines.take_while(|line| !line.starts_with('[')).find_map(|line| value(line, "version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n\
        [[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n\n\
        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\ndependencies = [\n \"cfg-if\",\n]\n\n\
        [[package]]\nname = \"web-sys\"\nversion = \"0.3.107\"\n";

    #[test]
    fn the_version_is_that_of_exactly_this_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "web-sys"), Some("0.3.107"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    #[test]
    fn a_package_without_a_version_does_not_get_its_neighbours() {
        let lock = "[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n";
        assert_eq!(locked_version(lock, "a"), None);
    }

    #[test]
    fn trunk_uses_the_locked_wasm_bindgen() {
        let lock = include_str!("../../Cargo.lock");
        let version = locked_version(lock, "wasm-bindgen").unwrap_or("none");
        let trunk = include_str!("../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{version}\"")), "Cargo.lock has {version}");
    }

    #[test]
    fn a_folder_goes_to_the_front_of_path() -> Result<()> {
        let path = path_with(Path::new("/first/bin"))?;
        assert_eq!(env::split_paths(&path).next(), Some(PathBuf::from("/first/bin")));
        Ok(())
    }
}
