//! The project's commands; `cargo xtask` lists them.

mod bench;
mod browser;
mod bugs;
mod cli;
mod clients;
mod crates;
mod demo;
#[cfg(test)]
mod docs;
mod features;
mod files;
mod leptos_0_9;
#[cfg(test)]
mod links;
mod module_sizes;
mod node;
mod package_checks;
mod release;
mod report;
mod run;
mod simulate;
mod site;
mod size;
mod skips;
mod system_packages;
mod templates;
mod test;
mod tools;
mod words;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use cli::{Cli, Command};
use run::Project;

fn main() -> ExitCode {
    match perform(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all checks passed; an error ends the command at once.
fn perform(command: Command) -> Result<bool> {
    match command {
        Command::Demo(options) => demo::demo(&Project::find()?, &options).map(|()| true),
        Command::Test(options) if options.leptos == "0.9" => {
            test::test(&leptos_0_9::copy(&Project::find()?)?, &options)
        }
        Command::Test(options) => test::test(&Project::find()?, &options),
        Command::BuildSite { ui, release } => {
            site::build(&Project::find()?, &site::App::of(ui), release).map(|_| true)
        }
        Command::Simulate(options) => simulate::simulate(&Project::find()?, &options),
        Command::Bench(options) => bench::bench(&Project::find()?, &options).map(|()| true),
        Command::Release(options) => release::release(&Project::find()?, &options).map(|()| true),
        Command::Size(options) => size::size(&Project::find()?, &options).map(|()| true),
    }
}
