//! The decisions about a lease, from its text alone: `<owner>:<when it expires, in ms>`.

/// How long a holder may be silent until it counts as dead.
pub(super) const LEASE_MS: i64 = 5_000;

struct Lease<'a> {
    owner: &'a str,
    expires_ms: i64,
}

impl<'a> Lease<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (owner, expires) = text.rsplit_once(':')?;
        Some(Self { owner, expires_ms: expires.parse().ok()? })
    }

    /// A lease longer than any that is given was written before the clock was set back: it would never end.
    fn is_alive(&self, now_ms: i64) -> bool {
        let left = self.expires_ms.saturating_sub(now_ms);
        (1..=LEASE_MS).contains(&left)
    }
}

/// The text of a lease that begins now.
pub(super) fn text(owner: &str, now_ms: i64) -> String {
    format!("{owner}:{}", now_ms.saturating_add(LEASE_MS))
}

/// May I take it? Not from one who lives; text that is no lease is nobody's.
pub(super) fn is_free(text: Option<&str>, now_ms: i64) -> bool {
    !text.and_then(Lease::parse).is_some_and(|lease| lease.is_alive(now_ms))
}

/// Was I the last to write it?
pub(super) fn is_mine(text: Option<&str>, owner: &str) -> bool {
    text.and_then(Lease::parse).is_some_and(|lease| lease.owner == owner)
}

/// Am I still the owner, and nobody may take it from me?
pub(super) fn holds(text: Option<&str>, owner: &str, now_ms: i64) -> bool {
    is_mine(text, owner) && !is_free(text, now_ms)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn none_or_garbage_is_free() {
        for text in
            [None, Some(""), Some("a"), Some("a:"), Some("a:b"), Some(":"), Some("a:99999999999999999999")]
        {
            assert!(is_free(text, NOW), "{text:?}");
            assert!(!is_mine(text, "a"), "{text:?}");
        }
    }

    #[test]
    fn a_living_owner_is_not_robbed() {
        let lease = text("a", NOW);
        for now in [NOW, NOW + 1, NOW + LEASE_MS - 1] {
            assert!(!is_free(Some(&lease), now));
            assert!(holds(Some(&lease), "a", now));
            assert!(!holds(Some(&lease), "b", now));
        }
    }

    #[test]
    fn a_dead_owner_s_lease_ends() {
        let lease = text("a", NOW);
        assert!(is_free(Some(&lease), NOW + LEASE_MS));
        assert!(!holds(Some(&lease), "a", NOW + LEASE_MS));
        assert!(is_mine(Some(&lease), "a"));
    }

    #[test]
    fn a_clock_set_back_does_not_lock_for_ever() {
        let lease = text("a", NOW);
        assert!(is_free(Some(&lease), NOW - 1));
        assert!(is_free(Some("a:9223372036854775807"), i64::MIN));
    }

    #[test]
    fn an_owner_s_name_may_have_colons() {
        assert!(is_mine(Some("a:b:1"), "a:b"));
        assert!(!is_mine(Some("a:b:1"), "a"));
    }
}
