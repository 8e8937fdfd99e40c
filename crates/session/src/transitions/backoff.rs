//! When the next refresh may be sent after the refresh API has refused or failed.
//!
//! | status | `retry-after` | failures in a row | next refresh |
//! |---|---|---|---|
//! | 429 or 5xx | seconds | any | after that time, at most five minutes |
//! | 429 | none | n | after 2^(n-1) s, at most a minute |
//! | 5xx | none | 1 | at once |
//! | 5xx | none | n > 1 | after 2^(n-2) s, at most a minute |
//! | any other | any | any | unchanged: the stored backoff stays |

use std::time::Duration;

use crate::platform::RefreshBackoff;

/// The maximum for `retry-after`.
const MAX_RETRY_AFTER_MS: i64 = 300_000;

/// The maximum if the API sends no `retry-after`.
const MAX_MS: i64 = 60_000;

const FIRST_MS: i64 = 1_000;

/// The backoff after a refresh that failed with `status`. None if the status is not counted as a failure.
pub(crate) fn after_failed_refresh(
    before: Option<RefreshBackoff>,
    api: u64,
    status: u16,
    retry_after: Option<&str>,
    device_now_ms: i64,
) -> Option<RefreshBackoff> {
    let is_refused = status == 429;
    if !is_refused && status < 500 {
        return None;
    }
    let failures = before.map_or(0, |before| before.failures).saturating_add(1);
    let doublings = if is_refused { failures } else { failures - 1 };
    let delay_ms = match doublings {
        0 => 0,
        // The delay reaches the maximum long before the shift could overflow.
        n => (FIRST_MS << (n - 1).min(10)).min(MAX_MS),
    };
    let retry_after_ms = retry_after
        .and_then(|seconds| seconds.trim().parse::<u32>().ok())
        .map(|seconds| (i64::from(seconds) * 1_000).min(MAX_RETRY_AFTER_MS));
    Some(RefreshBackoff {
        api,
        until_ms: device_now_ms.saturating_add(retry_after_ms.unwrap_or(delay_ms)),
        failures,
    })
}

/// The time until the next refresh may be sent. If the clock was set back, a stored time beyond the maximum is ignored.
pub(crate) fn remaining_backoff(backoff: Option<RefreshBackoff>, device_now_ms: i64) -> Option<Duration> {
    let left_ms = backoff?.until_ms.saturating_sub(device_now_ms);
    (1..=MAX_RETRY_AFTER_MS).contains(&left_ms).then(|| Duration::from_millis(left_ms.unsigned_abs()))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn each_row_of_the_backoff_table_holds() {
        let rows: [(u16, Option<&str>, u32, Option<i64>); 21] = [
            // Status, `retry-after`, failures before; ms to wait.
            (429, Some("60"), 0, Some(60_000)),
            (503, Some(" 5 "), 3, Some(5_000)),
            (500, Some("2"), 0, Some(2_000)),
            (429, Some("0"), 5, Some(0)),
            (429, Some("86400"), 0, Some(300_000)),
            (429, Some("4294967296"), 0, Some(1_000)),
            (429, Some("Wed, 21 Oct 2026 07:28:00 GMT"), 0, Some(1_000)),
            (429, Some("-1"), 1, Some(2_000)),
            (429, Some(""), 0, Some(1_000)),
            (429, None, 0, Some(1_000)),
            (429, None, 1, Some(2_000)),
            (429, None, 2, Some(4_000)),
            (429, None, u32::MAX, Some(60_000)),
            (500, None, 0, Some(0)),
            (502, None, 1, Some(1_000)),
            (599, None, 2, Some(2_000)),
            (503, None, 40, Some(60_000)),
            (404, Some("60"), 0, None),
            (200, Some("60"), 3, None),
            (403, None, 3, None),
            (401, None, 0, None),
        ];
        for (status, retry_after, failures, wait_ms) in rows {
            let before = (failures > 0).then_some(RefreshBackoff { api: 7, until_ms: NOW - 1, failures });
            let after = after_failed_refresh(before, 7, status, retry_after, NOW);
            let expected = wait_ms.map(|ms| RefreshBackoff {
                api: 7,
                until_ms: NOW + ms,
                failures: failures.saturating_add(1),
            });
            assert_eq!(after, expected, "{status} {retry_after:?} {failures}");
            let remaining = expected.filter(|_| wait_ms != Some(0)).map(|_| wait_ms.unwrap().unsigned_abs());
            assert_eq!(remaining_backoff(after, NOW).map(|left| left.as_millis() as u64), remaining);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_extend_the_longest_backoff() {
        let backoff = Some(RefreshBackoff { api: 7, until_ms: NOW + 60_000, failures: 1 });
        for (now_ms, left_ms) in [
            (NOW + 59_999, Some(1)),
            (NOW + 60_000, None),
            (i64::MAX, None),
            (NOW - 240_000, Some(300_000)),
            (NOW - 240_001, None),
            (i64::MIN, None),
        ] {
            let left = remaining_backoff(backoff, now_ms);
            assert_eq!(left, left_ms.map(Duration::from_millis), "{now_ms}");
        }
    }
}
