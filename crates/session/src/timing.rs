//! When to try again, and when not to: pure, by the wall clock.

/// How long to wait after one failure, in ms; each further one doubles it.
pub const FIRST_WAIT_MS: u32 = 1_000;

/// Nobody waits longer than this for the next try, in ms.
pub const LONGEST_WAIT_MS: u32 = 60_000;

/// Waits that double, each shortened by a random share of its half, so that tabs do not try in step.
///
/// ```
/// use supertokens_session::timing::Backoff;
///
/// let mut backoff = Backoff::default();
/// assert_eq!([backoff.next_ms(0.0), backoff.next_ms(0.0), backoff.next_ms(0.5)], [1_000, 2_000, 3_000]);
/// backoff.reset();
/// assert_eq!(backoff.next_ms(0.0), 1_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after another failure, in ms. `share` is random, from 0 to 1.
    pub fn next_ms(&mut self, share: f64) -> u32 {
        // The longest is reached long before the shift could overflow.
        let full = FIRST_WAIT_MS.saturating_mul(1 << self.failures.min(10)).min(LONGEST_WAIT_MS);
        self.failures = self.failures.saturating_add(1);
        full - jitter(full / 2, share)
    }

    /// What comes next is a first failure.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Lets one through, and then none for a while.
///
/// ```
/// use supertokens_session::timing::Throttle;
///
/// let mut gate = Throttle::new(100);
/// assert_eq!([0, 99, 100, 150].map(|now_ms| gate.allows(now_ms)), [true, false, true, false]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    every_ms: u32,
    last_ms: Option<i64>,
}

impl Throttle {
    /// A gate that lets one through every so many ms.
    pub fn new(every_ms: u32) -> Self {
        Self { every_ms, last_ms: None }
    }

    /// Whether this one passes; `now_ms` by the device's clock, which may be set back meanwhile.
    pub fn allows(&mut self, now_ms: i64) -> bool {
        let since_ms = self.last_ms.map(|last| now_ms.saturating_sub(last));
        let passes = since_ms.is_none_or(|since| !(0..i64::from(self.every_ms)).contains(&since));
        if passes {
            self.last_ms = Some(now_ms);
        }
        passes
    }
}

/// A share, from 0 to 1, of some time.
pub(crate) fn jitter(ms: u32, share: f64) -> u32 {
    // A cast of a float never overflows, and takes what is no number for 0.
    (f64::from(ms) * share.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_one_second_to_a_minute() {
        for (share, waits) in [
            (0.0, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]),
            (1.0, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]),
        ] {
            let mut backoff = Backoff::default();
            assert_eq!(waits.map(|_| backoff.next_ms(share)), waits);
            for _ in 0..100 {
                assert_eq!(backoff.next_ms(share), waits[7]);
            }
        }
    }

    #[test]
    fn an_odd_share_is_no_longer_and_no_shorter_a_wait() {
        for share in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 2.0] {
            let wait = Backoff::default().next_ms(share);
            assert!((500..=1_000).contains(&wait), "{share}: {wait}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_no_gate() {
        let mut gate = Throttle::new(100);
        assert_eq!([5_000, 5_050, 1_000, 1_050].map(|now| gate.allows(now)), [true, false, true, false]);
        assert!(gate.allows(i64::MIN) && gate.allows(i64::MAX));
    }
}
