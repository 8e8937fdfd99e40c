//! Random choices that repeat: the same seed, the same choices.

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

    /// One of several, the heavier the likelier.
    pub fn weigh<'a, T>(&self, all: &'a [(u64, T)]) -> &'a T {
        let mut left = self.within(0..all.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in all {
            if left < *weight {
                return one;
            }
            left -= weight;
        }
        unreachable!("the weights are more than what is left")
    }

    /// How long a message is on its way: a short time, and now and then a long one.
    pub(super) fn latency_ms(&self) -> u64 {
        match self.within(0..20) {
            0 => self.within(500..4_000),
            1..5 => self.within(50..500),
            _ => self.within(1..50),
        }
    }

    /// How long a read of the store takes; often no time at all, as a cookie's.
    pub(super) fn read_ms(&self) -> u64 {
        if self.chance(70) { 0 } else { self.within(1..30) }
    }

    /// How long other tabs keep reading what was there before a write.
    pub(super) fn lag_ms(&self) -> u64 {
        if self.chance(30) { 0 } else { self.within(1..25) }
    }
}
