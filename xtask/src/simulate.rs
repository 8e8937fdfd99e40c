//! `cargo xtask simulate`: more random schedules against the client than the ordinary tests play.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::bugs;
use crate::cli::Simulate;
use crate::report::Counter;
use crate::run::{self, Project};

/// Whether all schedules passed; or, of deliberate bugs, whether all were caught.
pub(crate) fn simulate(project: &Project, options: &Simulate) -> Result<bool> {
    if options.bugs {
        return bugs::all_are_caught(project, &mut Counter::default());
    }
    let mut cargo = bugs::schedules(project);
    if let Some(seed) = options.seed {
        cargo.env("SIMULATE_SEED", seed.to_string());
    } else {
        let from = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() * 1_000;
        run::heading(format!("{} schedules, the first with a seed near {from}", options.schedules));
        cargo.env("SIMULATE_SCHEDULES", options.schedules.to_string());
        cargo.env("SIMULATE_FROM", from.to_string());
    }
    Ok(run::check(&mut cargo).is_ok())
}
