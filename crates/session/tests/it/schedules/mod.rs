//! Random schedules: tabs, callers, a backend of each generation, and all faults between them.
//!
//! A seed draws a plan ([`plan`]): the calls in each tab, and faults, closed tabs and clock changes between them.
//! The plan is played ([`play`]) while a referee ([`referee`]) checks each message and each write. If a seed violates
//! a rule, it is printed with the shortest plan that still violates one, and it replays exactly.
//!
//! `cargo xtask simulate --schedules N` plays more of them. `--seed S` replays one and prints each step.
//!
//! One theft alarm is unavoidable: an abandoned refresh (its tab was closed, it timed out,
//! or a proxy sent it twice) reaches the backend after the tokens of its successor
//! are in use. The referee counts it, and the backend ends the session.

mod plan;
mod play;
mod referee;
mod stats;

use std::{
    cell::Cell,
    panic,
    rc::Rc,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use plan::{Kind, Plan};
use play::Game;
use referee::Referee;
use stats::Stats;

use crate::sim::{Dice, leaks, logged, run_unchecked};

/// The number of each kind. `SIMULATE_SCHEDULES` sets the number of all kinds together.
const SCHEDULES_OF_A_KIND: u64 = 5_000;

/// The time limit for finding a shorter plan.
const TIME_TO_SHORTEN: Duration = Duration::from_secs(5);

struct Outcome {
    violations: Vec<String>,
    trace: Vec<String>,
    stats: Stats,
}

fn play(seed: u64, plan: &Plan, with_trace: bool) -> Outcome {
    listen_for_panics();
    PANICS.set(0);
    let referee = Rc::new(Referee::new(with_trace));
    let watching = referee.clone();
    let played = panic::catch_unwind(panic::AssertUnwindSafe(move || {
        run_unchecked(async |world| {
            let began_ms = world.now_ms();
            let dice = Dice::new(!seed);
            Game::new(world, plan, watching.clone(), &dice).play().await;
            let secrets = world.server.secrets();
            for secret in leaks(&(logged().join("\n") + &watching.outcomes()), &secrets) {
                watching.violation(format!("{secret} is in a log, an event or an error"));
            }
            let lasted_ms = u64::try_from(world.now_ms() - began_ms).unwrap_or_default();
            let mut stats = watching.stats.borrow_mut();
            stats.schedules = 1;
            stats.virtual_ms = lasted_ms;
            stats.longest_ms = lasted_ms;
        });
    }));
    if played.is_err() || PANICS.get() > 0 {
        referee.violation("something panicked".to_owned());
    }
    Outcome {
        violations: referee.violations(),
        trace: referee.trace(),
        stats: referee.stats.borrow().clone(),
    }
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// Otherwise a panic in a spawned task would go unnoticed.
fn listen_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            before(panic);
        }));
    });
}

/// Removes the steps of a plan that are not needed to violate a rule, within the time limit.
fn shortest(seed: u64, plan: &Plan) -> Plan {
    let began = std::time::Instant::now();
    let mut plan = plan.clone();
    let mut at = plan.steps.len();
    while at > 0 && began.elapsed() < TIME_TO_SHORTEN {
        at -= 1;
        let mut shorter = plan.clone();
        let left_out = shorter.steps.remove(at);
        if let Some(next) = shorter.steps.get_mut(at) {
            next.after_ms += left_out.after_ms;
        }
        if !play(seed, &shorter, false).violations.is_empty() {
            plan = shorter;
        }
    }
    plan
}

fn fail_with_shortest(seed: u64, plan: &Plan) -> ! {
    let plan = shortest(seed, plan);
    let Outcome { violations, trace, .. } = play(seed, &plan, true);
    panic!(
        "seed {seed} breaks {} rules; the shortest plan that does:\n{plan:#?}\n\n{}\n\nThe rules that it breaks:\n{}\n\
         cargo xtask simulate --seed {seed} replays the whole plan",
        violations.len(),
        trace.join("\n"),
        violations.join("\n"),
    );
}

fn number_from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// One failure is enough.
static HAS_FAILED: AtomicBool = AtomicBool::new(false);

/// Plays the schedules of one kind.
fn hold(kind: Kind) {
    if let Some(seed) = number_from_env("SIMULATE_SEED") {
        if Kind::of(seed) == kind {
            replay(seed);
        }
        return;
    }
    let count = number_from_env("SIMULATE_SCHEDULES").map_or(SCHEDULES_OF_A_KIND, |all| all.div_ceil(4));
    let from = number_from_env("SIMULATE_FROM").unwrap_or_default() / 4;
    let mut stats = Stats::default();
    let began = std::time::Instant::now();
    for number in from..from.saturating_add(count) {
        if HAS_FAILED.load(Ordering::Relaxed) {
            return;
        }
        let seed = number * 4 + kind.index();
        let plan = Plan::draw(seed);
        let outcome = play(seed, &plan, false);
        if !outcome.violations.is_empty() {
            HAS_FAILED.store(true, Ordering::Relaxed);
            println!(
                "{kind:?}: seed {seed}, {} schedules held before: {}",
                number - from,
                outcome.violations[0]
            );
            fail_with_shortest(seed, &plan);
        }
        stats.add(&outcome.stats);
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{kind:?}: {stats}\n    {:.0} schedules a second", count as f64 / seconds);
}

fn replay(seed: u64) {
    let plan = Plan::draw(seed);
    let Outcome { violations, trace, stats } = play(seed, &plan, true);
    println!("{plan:#?}\n\n{}\n\n{stats}", trace.join("\n"));
    assert!(violations.is_empty(), "seed {seed} breaks these rules:\n{}", violations.join("\n"));
}

#[test]
fn schedules_with_cookies_hold() {
    hold(Kind::Cookies);
}

#[test]
fn schedules_with_headers_hold() {
    hold(Kind::Headers);
}

#[test]
fn schedules_of_the_older_generation_hold() {
    hold(Kind::Older);
}

#[test]
fn schedules_with_an_upgrade_hold() {
    hold(Kind::Upgraded);
}

#[test]
fn a_seed_replays_exactly() {
    for seed in 0..40 {
        let plan = Plan::draw(seed);
        let (one, two) = (play(seed, &plan, true), play(seed, &plan, true));
        assert!(one.trace.len() > 10, "seed {seed}");
        assert_eq!(one.trace, two.trace, "seed {seed}");
    }
}
