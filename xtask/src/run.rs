//! The project's places, and the programs run in it.

use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::report::Counter;

/// Where things are.
pub(crate) struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, whoever set it.
    pub(crate) target: PathBuf,
    cargo: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = here.parent().context("xtask is not inside a workspace")?.to_owned();
        let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);

        // From the caller's folder, where a relative CARGO_TARGET_DIR means what the caller thinks.
        let mut command = Command::new(&cargo);
        command.args(["metadata", "--format-version=1", "--no-deps", "--manifest-path"]);
        let metadata = output(command.arg(root.join("Cargo.toml")))?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("reading cargo metadata")?;
        let target =
            metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;

        Ok(Self { root, target: target.into(), cargo })
    }

    /// A program run at the workspace's root, without what `cargo run` set for xtask alone.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_of_xtask) {
                command.env_remove(name);
            }
        }
        command
    }

    /// RUSTUP_TOOLCHAIN stays, so that rustc and this cargo are of the same toolchain.
    pub(crate) fn cargo<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = self.command(&self.cargo);
        command.args(args).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

/// Whether `cargo run` set this variable to describe the xtask package itself.
fn is_of_xtask(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|p| name.starts_with(p))
        || name == "CARGO_PRIMARY_PACKAGE"
}

/// Runs a program with its output going through; an error unless it succeeds.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    show(command);
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", text_of(command));
    }
    Ok(())
}

/// What a program prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}): {}", text_of(command), output.status, why.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, lets its output through as it comes, and counts the tests in it. Whether it succeeded.
pub(crate) fn count(command: &mut Command, counter: &mut Counter) -> Result<bool> {
    show(command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    if let Some(mut output) = child.stdout.take() {
        let mut chunk = [0; 8192];
        loop {
            let read = match output.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => &chunk[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("reading what the tests print"),
            };
            let mut stdout = io::stdout().lock();
            let _ = stdout.write_all(read).and_then(|()| stdout.flush());
            counter.feed(read);
        }
        counter.finish();
    }
    Ok(child.wait().with_context(|| cannot_start(command))?.success())
}

fn cannot_start(command: &Command) -> String {
    format!("cannot run `{}`", command.get_program().to_string_lossy())
}

fn text_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// `==> what is being done now`
pub(crate) fn heading(text: impl Display) {
    say(&paint(BOLD, &format!("==> {text}")));
}

fn show(command: &Command) {
    say(&paint(DIM, &format!("    $ {}", text_of(command))));
}

/// A line on stdout; not `println!`, which panics when nobody reads any more.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "error: {text}");
}

pub(crate) const BOLD: &str = "1";
pub(crate) const DIM: &str = "2";
pub(crate) const RED: &str = "31";
pub(crate) const GREEN: &str = "32";

/// Coloured if stdout is a terminal.
pub(crate) fn paint(colour: &str, text: &str) -> String {
    if colours() { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
}

pub(crate) fn colours() -> bool {
    io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
}

/// The first program of these names on PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    all_on_path(names).into_iter().next()
}

/// All programs of these names on PATH, in the order of the names.
pub(crate) fn all_on_path(names: &[&str]) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let in_folders = |name: &&str| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file())
    };
    names.iter().filter_map(in_folders).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_variables_about_xtask_itself_are_dropped() {
        for name in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"] {
            assert!(is_of_xtask(name), "{name}");
        }
        for name in ["CARGO", "CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_PROFILE_DEV_DEBUG", "PATH"] {
            assert!(!is_of_xtask(name), "{name}");
        }
    }

    #[test]
    fn a_command_is_shown_without_the_path_of_its_program() {
        let mut command = Command::new("/somewhere/bin/cargo");
        assert_eq!(text_of(command.args(["test", "-p", "x"])), "cargo test -p x");
    }
}
