use crate::{timing::jitter, token::FrontToken};

/// A clock skew below this is ignored: the token's time on the network can cause it.
pub(crate) const CLOCK_SKEW_THRESHOLD_MS: i64 = 7_000;

/// Tabs that wake up at the same time spread their refreshes over this time.
const WAKE_UP_MS: u32 = 1_000;

/// Whether the access token has expired. `now_ms` is the server's time.
pub(crate) fn has_expired(front: &FrontToken, now_ms: i64) -> bool {
    front.expires_at_ms() <= now_ms
}

/// The server's time from which a session may be refreshed early. It is `margin_ms` before the expiry, but not in the
/// first half of the token's lifetime. None if the token has no time of issue: without one the clock skew is unknown,
/// and the token could look due forever.
pub(crate) fn refresh_ahead_from_ms(front: &FrontToken, margin_ms: u32) -> Option<i64> {
    let lifetime_ms = front.expires_at_ms().saturating_sub(front.issued_at_ms()?).max(0);
    Some(front.expires_at_ms().saturating_sub(i64::from(margin_ms).min(lifetime_ms / 2)))
}

/// The time in ms until a tab should refresh early; none if the token has no time of issue. `random` is from 0 to 1: it
/// spreads the tabs over the first half of the remaining time.
pub(crate) fn refresh_ahead_in_ms(
    front: &FrontToken,
    margin_ms: u32,
    now_ms: i64,
    random: f64,
) -> Option<u32> {
    let left_ms = |until_ms: i64| u32::try_from(until_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
    Some(match left_ms(refresh_ahead_from_ms(front, margin_ms)?) {
        0 => jitter(WAKE_UP_MS, random),
        wait_ms => {
            let half_ms = (left_ms(front.expires_at_ms()) - wait_ms) / 2;
            wait_ms.saturating_add(jitter(half_ms, random))
        }
    })
}

/// Whether the access token has expired or expires soon. `now_ms` is the server's time.
pub(crate) fn is_about_to_expire(front: &FrontToken, now_ms: i64, margin_ms: u32) -> bool {
    let from_ms = refresh_ahead_from_ms(front, margin_ms).unwrap_or(front.expires_at_ms());
    from_ms <= now_ms
}

/// The server's clock minus the device's, in ms, by a front token that has just arrived.
pub(crate) fn clock_skew_ms(front: &FrontToken, device_now_ms: i64) -> i64 {
    let skew = front.issued_at_ms().map_or(0, |issued| issued.saturating_sub(device_now_ms));
    if skew.saturating_abs() >= CLOCK_SKEW_THRESHOLD_MS { skew } else { 0 }
}
