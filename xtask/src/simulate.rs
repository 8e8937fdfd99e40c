//! `cargo xtask simulate`: random schedules against the client, beyond those of the ordinary tests.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::args::Simulate;
use crate::bugs;
use crate::report::Counter;
use crate::run::{self, Project};

/// Whether all schedules held; or, of deliberate bugs, whether all were caught.
pub(crate) fn simulate(project: &Project, what: Simulate) -> Result<bool> {
    match what {
        Simulate::Schedules(count) => {
            let from =
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) * 1_000;
            run::heading(format!("{count} schedules, the first with a seed near {from}"));
            let mut cargo = schedules(project, "schedules::schedules");
            cargo.env("SIMULATE_SCHEDULES", count.to_string()).env("SIMULATE_FROM", from.to_string());
            Ok(run::check(&mut cargo).is_ok())
        }
        Simulate::Seed(seed) => {
            let mut cargo = schedules(project, "schedules::schedules");
            Ok(run::check(cargo.env("SIMULATE_SEED", seed.to_string())).is_ok())
        }
        Simulate::Bugs => bugs::all_are_caught(project, &mut Counter::default()),
    }
}

fn schedules(project: &Project, filter: &str) -> Command {
    let mut cargo = project.cargo(["test", "--package", "supertokens-session", "--test", "it"]);
    cargo.args(["--", "--nocapture", filter]);
    cargo
}
