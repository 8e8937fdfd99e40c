use crate::token::FrontToken;

/// A clock that is off by less than this is taken to be right: it is the way of the token through the network.
pub(crate) const CLOCK_SKEW_THRESHOLD_MS: i64 = 7_000;

/// Whether the access token has expired; `now_ms` by the server's clock.
pub(crate) fn has_expired(front: &FrontToken, now_ms: i64) -> bool {
    front.expires_at_ms() <= now_ms
}

/// From when on a session may be refreshed ahead of its expiry, by the server's clock: `margin_ms` before it, and not in
/// the first half of the access token's life. None where the token does not tell when it was issued: by a clock that
/// nothing has put right it might look due for ever.
pub(crate) fn refresh_ahead_from_ms(front: &FrontToken, margin_ms: u32) -> Option<i64> {
    let life_ms = front.expires_at_ms().saturating_sub(front.issued_at_ms()?).max(0);
    Some(front.expires_at_ms().saturating_sub(i64::from(margin_ms).min(life_ms / 2)))
}

/// Whether the access token has expired or is about to; `now_ms` by the server's clock.
pub(crate) fn is_about_to_expire(front: &FrontToken, now_ms: i64, margin_ms: u32) -> bool {
    let from_ms = refresh_ahead_from_ms(front, margin_ms).unwrap_or(front.expires_at_ms());
    from_ms <= now_ms
}

/// The server's clock less the device's, in ms, as a front token that has just arrived tells it.
pub(crate) fn clock_skew_ms(front: &FrontToken, device_now_ms: i64) -> i64 {
    let skew = front.issued_at_ms().map_or(0, |issued| issued.saturating_sub(device_now_ms));
    if skew.saturating_abs() >= CLOCK_SKEW_THRESHOLD_MS { skew } else { 0 }
}
