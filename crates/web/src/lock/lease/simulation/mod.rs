//! Tabs over a storage that is late, stopped and killed at random: thousands of lives, drawn from seeds, with a referee
//! who sees all of them. And the same over worlds with a deliberate bug, which it has to catch.

mod life;
mod random;
mod referee;
mod sea;

use life::{Plan, live_through};
use referee::Foul;
use sea::Bug;

/// Plays seeds until one breaks a rule.
fn first_foul(bug: Option<Bug>, seeds: u64) -> Option<(u64, Foul)> {
    (0..seeds).find_map(|seed| live_through(seed, Plan::wild(bug)).foul.map(|foul| (seed, foul)))
}

/// As many as `LOCK_SEEDS` says, to look further.
fn seeds() -> u64 {
    std::env::var("LOCK_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000)
}

#[test]
fn never_are_two_in_and_all_get_their_turn() {
    let (mut entered, mut passed_over, mut died_inside) = (0, 0, 0);
    for seed in 0..seeds() {
        let life = live_through(seed, Plan::wild(None));
        assert_eq!(life.foul, None, "seed {seed}");
        entered += life.entered;
        passed_over += life.passed_over;
        died_inside += life.died_inside;
    }
    println!("{entered} entered, {passed_over} were passed over, {died_inside} died inside");
    // Otherwise it would show nothing.
    assert!(entered > 10_000, "{entered}");
    assert!(passed_over > 100, "{passed_over}");
    assert!(died_inside > 100, "{died_inside}");
}

#[test]
fn a_dead_tab_is_succeeded_within_seven_seconds() {
    let mut died_inside = 0;
    for seed in 0..1_000 {
        let life = live_through(seed, Plan::calm());
        assert_eq!(life.foul, None, "seed {seed}");
        assert_eq!(life.passed_over, 0, "seed {seed}: nobody was stopped");
        assert!(life.longest_succession_ms < 7_000, "seed {seed}: {}", life.longest_succession_ms);
        died_inside += life.died_inside;
    }
    assert!(died_inside > 100, "{died_inside}");
}

#[test]
fn each_deliberate_bug_is_caught() {
    for bug in Bug::ALL {
        let caught = first_foul(Some(bug), 4_000);
        println!("{bug:?}: {caught:?}");
        assert!(caught.is_some(), "{bug:?} survives");
    }
}
