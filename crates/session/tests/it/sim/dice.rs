//! Random choices that repeat with the same seed.

use std::{cell::RefCell, ops::Range, rc::Rc};

/// Clones share one sequence.
#[derive(Clone)]
pub struct Dice(Rc<RefCell<fastrand::Rng>>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(fastrand::Rng::with_seed(seed))))
    }

    pub fn within(&self, range: Range<u64>) -> u64 {
        self.0.borrow_mut().u64(range)
    }

    pub fn chance(&self, percent: u64) -> bool {
        self.within(0..100) < percent
    }

    pub fn pick<'a, T>(&self, all: &'a [T]) -> &'a T {
        &all[self.0.borrow_mut().usize(0..all.len())]
    }

    /// Picks one of several by weight.
    pub fn pick_by_weight<'a, T>(&self, all: &'a [(u64, T)]) -> &'a T {
        let mut left = self.within(0..all.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in all {
            if left < *weight {
                return one;
            }
            left -= weight;
        }
        unreachable!("the weights are more than what is left")
    }

    /// The latency of a message: mostly short, sometimes long.
    pub(super) fn latency_ms(&self) -> u64 {
        match self.within(0..20) {
            0 => self.within(500..4_000),
            1..5 => self.within(50..500),
            _ => self.within(1..50),
        }
    }

    /// The time of a store read, often zero, as for a cookie.
    pub(super) fn read_ms(&self) -> u64 {
        if self.chance(70) { 0 } else { self.within(1..30) }
    }

    /// The time until other tabs read a write.
    pub(super) fn lag_ms(&self) -> u64 {
        if self.chance(30) { 0 } else { self.within(1..25) }
    }
}
