use serde_json::json;

use super::*;
use crate::transitions::refresh_ahead_in_ms;

/// A token that was issued at 0 s.
fn expiring_at(ms: i64) -> FrontToken {
    let token = json!({ "uid": "ann", "ate": ms, "up": { "iat": 0 } });
    FrontToken::decode(&BASE64_STANDARD.encode(token.to_string())).unwrap()
}

#[test]
fn tabs_refresh_in_the_first_half_of_the_margin_before_the_expiry() {
    const DAY_MS: i64 = 86_400_000;
    for (expiry_ms, now_ms, random, wait_ms) in [
        (60_000, 0, 0.0, 40_000),
        (60_000, 0, 1.0, 50_000),
        (60_000, 30_000, 0.0, 10_000),
        (60_000, 40_000, 0.5, 500),
        (60_000, 90_000, 1.0, 1_000),
        // Not in the first half of a short lifetime.
        (20_000, 0, 0.0, 10_000),
        // Longer than the longest timer of a browser, and longer than a `u32`.
        (25 * DAY_MS, 0, 0.0, 2_159_980_000),
        (36_500 * DAY_MS, 0, 0.0, u32::MAX),
        (i64::MAX, i64::MIN, 1.0, u32::MAX),
    ] {
        let wait = refresh_ahead_in_ms(&expiring_at(expiry_ms), 20_000, now_ms, random);
        assert_eq!(wait, Some(wait_ms), "{expiry_ms} at {now_ms}");
    }
}
