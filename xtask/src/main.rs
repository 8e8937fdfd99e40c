//! The project's chores. `cargo xtask` without arguments says what there is.

mod args;
mod bench;
mod browser;
mod bugs;
mod clients;
mod demo;
#[cfg(test)]
mod docs;
mod engine;
mod features;
mod node;
mod report;
mod run;
mod simulate;
mod site;
mod size;
mod skips;
mod test;
mod tools;
mod weigh;

use std::process::ExitCode;

use anyhow::Result;
use args::Chore;
use run::Project;

fn main() -> ExitCode {
    let chore = match args::parse(std::env::args_os().skip(1)) {
        Ok(chore) => chore,
        Err(wrong) => {
            run::complain(&format!("{wrong}\n`cargo xtask --help` says what there is."));
            return ExitCode::from(2);
        }
    };
    match perform(chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            run::complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well; an error ends the chore at once.
fn perform(chore: Chore) -> Result<bool> {
    match chore {
        Chore::Help => {
            run::say(args::HELP);
            Ok(true)
        }
        Chore::Demo(options) => demo::demo(&Project::find()?, &options).map(|()| true),
        Chore::Announce(options) => demo::announce(&options).map(|()| true),
        Chore::Bench(what) => bench::bench(&Project::find()?, &what).map(|()| true),
        Chore::BuildSite { release } => site::build(&Project::find()?, &site::SPA, release).map(|_| true),
        Chore::Simulate(what) => simulate::simulate(&Project::find()?, what),
        Chore::Size(what) => size::size(&Project::find()?, what),
        Chore::Test(what) => test::test(&Project::find()?, &what),
    }
}
