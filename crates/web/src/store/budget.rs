//! Limits the size of the session's cookies, since the browser sends all of them with each request to the page's
//! server.

use supertokens_session::internal::{
    cookie::find,
    names::{ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, FRONT_TOKEN_KEY, REFRESH_TOKEN_KEY},
};

use super::{PendingWrite, SESSION_KEYS};

/// The bytes of all the session's cookies. Most web servers accept 8 KiB for the whole `Cookie` header, and the site
/// has other cookies too.
pub(super) const MAX_TOTAL_SIZE: usize = 6 * 1024;

/// The order in which values move to localStorage. A server that renders pages never needs the refresh token, and
/// always needs the front token.
const FIRST_TO_MOVE: [&str; 4] = [REFRESH_TOKEN_KEY, ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, FRONT_TOKEN_KEY];

/// The bytes of all the session's cookies after these writes.
pub(super) fn size(writes: &[PendingWrite], cookies: &str) -> usize {
    let mut size = 0;
    for key in SESSION_KEYS {
        let value = match writes.iter().find(|write| write.key == *key) {
            Some(write) => write.value.as_deref().filter(|_| write.in_cookie),
            None => find(cookies, key),
        };
        // Includes the `=`, and the `; ` before the next cookie.
        size += value.map_or(0, |value| key.len() + "=".len() + value.len() + "; ".len());
    }
    size
}

/// Moves values out of cookies until the rest fits. It moves only values of these writes: another tab may be about to
/// write the others.
pub(super) fn apply(writes: &mut [PendingWrite], cookies: &str) {
    for key in FIRST_TO_MOVE {
        if size(writes, cookies) <= MAX_TOTAL_SIZE {
            return;
        }
        if let Some(write) = writes.iter_mut().find(|write| write.key == key && write.value.is_some()) {
            write.in_cookie = false;
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn writes(sizes: &[(&'static str, usize)]) -> Vec<PendingWrite> {
        sizes.iter().map(|(key, size)| PendingWrite::new(key, Some("v".repeat(*size)))).collect()
    }

    fn moved(sizes: &[(&'static str, usize)], cookies: &str) -> Vec<&'static str> {
        let mut writes = writes(sizes);
        apply(&mut writes, cookies);
        writes.iter().filter(|write| !write.in_cookie).map(|write| write.key).collect()
    }

    #[test]
    fn the_refresh_token_moves_first_then_the_access_token() {
        let of = |front, access, refresh| {
            moved(
                &[(FRONT_TOKEN_KEY, front), (ACCESS_TOKEN_KEY, access), (REFRESH_TOKEN_KEY, refresh)],
                "theirs=1; st-last-access-token-update=1700000000000",
            )
        };
        assert_eq!(of(600, 1_000, 500), [""; 0]);
        assert_eq!(of(2_300, 2_600, 700), [""; 0]);
        assert_eq!(of(2_600, 3_000, 500), [REFRESH_TOKEN_KEY]);
        assert_eq!(of(3_600, 4_050, 500), [ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY]);
        assert_eq!(of(4_000, 1_000, 4_000), [REFRESH_TOKEN_KEY]);
    }

    #[test]
    fn a_value_moves_at_the_first_byte_over_the_budget() {
        let rest = size(&writes(&[(FRONT_TOKEN_KEY, 3_000), (ACCESS_TOKEN_KEY, 0)]), "");
        for (access, is_moved) in [(MAX_TOTAL_SIZE - rest, false), (MAX_TOTAL_SIZE - rest + 1, true)] {
            let moved = moved(&[(FRONT_TOKEN_KEY, 3_000), (ACCESS_TOKEN_KEY, access)], "");
            assert_eq!(!moved.is_empty(), is_moved, "{access}");
        }
    }

    #[test]
    fn values_that_are_not_written_count_and_stay_in_cookies() {
        let there = format!("st-refresh-token={}; st-access-token={}", "r".repeat(3_000), "a".repeat(3_000));
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100)], &there), [FRONT_TOKEN_KEY]);
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100), (ACCESS_TOKEN_KEY, 3_100)], &there), [ACCESS_TOKEN_KEY]);
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100), (ACCESS_TOKEN_KEY, 2_900)], &there), [""; 0]);
    }

    #[test]
    fn a_value_too_large_for_a_cookie_does_not_count() {
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 10_000), (ACCESS_TOKEN_KEY, 3_000)], ""), [FRONT_TOKEN_KEY]);
    }

    #[test]
    fn a_removed_value_does_not_count() {
        let there = format!("st-access-token={}", "a".repeat(4_000));
        let mut writes = writes(&[(FRONT_TOKEN_KEY, 4_000)]);
        writes.push(PendingWrite::new(ACCESS_TOKEN_KEY, None));
        apply(&mut writes, &there);
        assert!(writes.iter().all(|write| write.in_cookie));
    }
}
