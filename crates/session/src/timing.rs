//! When to retry, and times in ms. All functions are pure and take the wall clock's time.

use std::time::Duration;

/// The delay after the first failure, in ms. Each further failure doubles it.
pub(crate) const FIRST_WAIT_MS: u32 = 1_000;

/// The longest delay, in ms.
pub(crate) const LONGEST_WAIT_MS: u32 = 60_000;

/// Delays that double. Random jitter shortens each delay by up to half, so that tabs do not retry at the same time.
///
/// ```
/// use supertokens_session::internal::Backoff;
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
    /// The delay after another failure, in ms. `random` is from 0 to 1.
    pub fn next_ms(&mut self, random: f64) -> u32 {
        // The delay reaches the maximum long before the shift could overflow.
        let full = FIRST_WAIT_MS.saturating_mul(1 << self.failures.min(10)).min(LONGEST_WAIT_MS);
        self.failures = self.failures.saturating_add(1);
        full - jitter(full / 2, random)
    }

    /// Resets the number of failures to zero.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Allows one event per interval.
///
/// ```
/// use supertokens_session::internal::Throttle;
///
/// let mut throttle = Throttle::new(100);
/// assert_eq!([0, 99, 100, 150].map(|now_ms| throttle.allows(now_ms)), [true, false, true, false]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    every_ms: u32,
    last_ms: Option<i64>,
}

impl Throttle {
    /// A throttle that allows one event every `every_ms`.
    pub fn new(every_ms: u32) -> Self {
        Self { every_ms, last_ms: None }
    }

    /// Whether the throttle allows an event now. `now_ms` is the device's time, which a user may set back.
    pub fn allows(&mut self, now_ms: i64) -> bool {
        let since_ms = self.last_ms.map(|last| now_ms.saturating_sub(last));
        let passes = since_ms.is_none_or(|since| !(0..i64::from(self.every_ms)).contains(&since));
        if passes {
            self.last_ms = Some(now_ms);
        }
        passes
    }
}

/// The time in whole ms; none if it is over 49 days.
pub(crate) fn millis(time: Duration) -> Option<u32> {
    u32::try_from(time.as_secs()).ok()?.checked_mul(1_000)?.checked_add(time.subsec_millis())
}

/// A time in ms since the epoch. A time before the epoch becomes zero.
pub(crate) fn since_epoch(ms: i64) -> Duration {
    Duration::from_millis(ms.max(0).unsigned_abs())
}

/// A random part of `ms`. `random` is from 0 to 1.
pub(crate) fn jitter(ms: u32, random: f64) -> u32 {
    // A cast of a float never overflows, and turns NaN into 0.
    (f64::from(ms) * random.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_duration_becomes_whole_ms_or_none() {
        let longest = Duration::from_millis(u32::MAX.into());
        for (time, ms) in [
            (Duration::ZERO, Some(0)),
            (Duration::from_micros(1_999), Some(1)),
            (Duration::from_secs(30), Some(30_000)),
            (longest, Some(u32::MAX)),
            (longest + Duration::from_millis(1), None),
            (Duration::from_secs(1 << 32), None),
            (Duration::MAX, None),
        ] {
            assert_eq!(millis(time), ms, "{time:?}");
        }
    }

    #[test]
    fn a_time_before_the_epoch_is_the_epoch() {
        for (ms, time) in [(i64::MIN, 0), (-1, 0), (0, 0), (7, 7), (i64::MAX, i64::MAX.unsigned_abs())] {
            assert_eq!(since_epoch(ms), Duration::from_millis(time));
        }
    }

    #[test]
    fn waits_double_from_one_second_to_a_minute() {
        for (random, waits) in [
            (0.0, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]),
            (1.0, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]),
        ] {
            let mut backoff = Backoff::default();
            assert_eq!(waits.map(|_| backoff.next_ms(random)), waits);
            for _ in 0..100 {
                assert_eq!(backoff.next_ms(random), waits[7]);
            }
        }
    }

    #[test]
    fn an_invalid_random_number_keeps_the_delay_in_its_range() {
        for random in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 2.0] {
            let wait = Backoff::default().next_ms(random);
            assert!((500..=1_000).contains(&wait), "{random}: {wait}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_block_the_throttle() {
        let mut throttle = Throttle::new(100);
        assert_eq!([5_000, 5_050, 1_000, 1_050].map(|now| throttle.allows(now)), [true, false, true, false]);
        assert!(throttle.allows(i64::MIN) && throttle.allows(i64::MAX));
    }
}
