//! The project's folders, the programs run in them, and what is printed.

use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::report::Counter;

pub(crate) struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    cargo: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is not inside a workspace")?;
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // As `target/debug/xtask`, wherever cargo has its target folder.
        let xtask = env::current_exe().context("finding xtask itself")?;
        let target = xtask.ancestors().nth(2).context("xtask is in no target folder")?;
        Ok(Self { root: root.into(), target: target.into(), cargo: cargo.into() })
    }

    /// The same project in another folder.
    pub(crate) fn at(&self, root: PathBuf) -> Self {
        Self { root, target: self.target.clone(), cargo: self.cargo.clone() }
    }

    /// A program run at the workspace's root, without the variables that `cargo run` set for xtask.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            let of_xtask =
                ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_PACKAGE"];
            if of_xtask.iter().any(|of_xtask| name.to_string_lossy().starts_with(of_xtask)) {
                command.env_remove(name);
            }
        }
        command
    }

    /// RUSTUP_TOOLCHAIN stays set, so that rustc and this cargo are of the same toolchain.
    pub(crate) fn cargo<const N: usize>(&self, args: [&str; N]) -> Command {
        self.cargo_on(None, args)
    }

    /// The same on a virtual screen of this xvfb-run, if there is one.
    pub(crate) fn cargo_on<const N: usize>(&self, xvfb_run: Option<&Path>, args: [&str; N]) -> Command {
        let mut command = self.command(xvfb_run.unwrap_or(&self.cargo));
        if xvfb_run.is_some() {
            let screen = ["--auto-servernum", "--server-args=-screen 0 1280x1024x24"];
            command.args(screen).arg(&self.cargo);
        }
        command.args(args).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

/// Runs a program and shows its output; an error unless it succeeds.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    show(command);
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", text_of(command));
    }
    Ok(())
}

/// Runs a program and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}): {}", text_of(command), output.status, why.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, shows its output, and counts the tests in it. Failed tests are in the counts only; an error is
/// another failure.
pub(crate) fn count(command: &mut Command, counter: &mut Counter) -> Result<()> {
    show(command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let mut output = BufReader::new(child.stdout.take().context("the program has no output")?);
    let mut line = Vec::new();
    let prefix = if counter.prefix.is_empty() { String::new() } else { format!("{:<9}", counter.prefix) };
    while output.read_until(b'\n', &mut line).context("reading the output of tests")? > 0 {
        let _ = io::stdout().write_all(&[prefix.as_bytes(), &line].concat());
        counter.read(&String::from_utf8_lossy(&line));
        line.clear();
    }
    if !child.wait()?.success() && counter.counts.failed == 0 {
        bail!("the build failed, or a test program ended early");
    }
    Ok(())
}

fn cannot_start(command: &Command) -> String {
    format!("cannot run `{}`", command.get_program().to_string_lossy())
}

fn text_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Prints what begins now.
pub(crate) fn heading(text: impl Display) {
    say(&paint(BOLD, &format!("==> {text}")));
}

fn show(command: &Command) {
    say(&paint(DIM, &format!("    $ {}", text_of(command))));
}

/// Prints a line; `println!` would panic if stdout is closed.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
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
    let find = |name: &&str| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&path).map(|folder| folder.join(&file)).find(|path| path.is_file())
    };
    names.iter().filter_map(find).collect()
}
