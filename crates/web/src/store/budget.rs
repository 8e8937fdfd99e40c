//! How much of the session goes into cookies: each of them travels with each request to the page's server.

use supertokens_session::wire::{
    cookie::find_all,
    names::{ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, FRONT_TOKEN_KEY, REFRESH_TOKEN_KEY},
};

use super::{KEYS, Wanted};

/// Bytes of all our cookies in a request. Web servers take 8 KiB for the whole `Cookie` line as a rule, and the site has
/// cookies of its own.
pub(super) const MOST_OF_ALL: usize = 6 * 1024;

/// What goes to another place first. No server that renders asks for the refresh token, and each asks for the front token.
const FIRST_TO_MOVE: [&str; 4] = [REFRESH_TOKEN_KEY, ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, FRONT_TOKEN_KEY];

/// Bytes of all our cookies in a request, once those that are wanted are beside those that are there.
pub(super) fn size(wanted: &[Wanted], cookies: &str) -> usize {
    let there = KEYS.into_iter().zip(find_all(cookies, &KEYS));
    let sizes = there.map(|(key, there)| match wanted.iter().find(|one| one.key == key) {
        Some(one) if one.in_cookie => size_of(key, one.value.as_deref()),
        Some(_) => 0,
        None => size_of(key, there),
    });
    sizes.sum()
}

/// Takes out of the cookies what is too much for them. What is not written now stays where it is: another tab may be about
/// to write it.
pub(super) fn keep(wanted: &mut [Wanted], cookies: &str) {
    for key in FIRST_TO_MOVE {
        if size(wanted, cookies) <= MOST_OF_ALL {
            return;
        }
        if let Some(one) = wanted.iter_mut().find(|one| one.key == key && one.value.is_some()) {
            one.in_cookie = false;
        }
    }
}

/// With the characters between it and the next.
fn size_of(key: &str, value: Option<&str>) -> usize {
    value.map_or(0, |value| key.len() + "=".len() + value.len() + "; ".len())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn wanted(sizes: &[(&'static str, usize)]) -> Vec<Wanted> {
        sizes.iter().map(|(key, size)| Wanted::new(key, Some("v".repeat(*size)))).collect()
    }

    fn moved(sizes: &[(&'static str, usize)], cookies: &str) -> Vec<&'static str> {
        let mut wanted = wanted(sizes);
        keep(&mut wanted, cookies);
        wanted.iter().filter(|one| !one.in_cookie).map(|one| one.key).collect()
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
    fn the_budget_holds_to_the_byte() {
        let rest = size(&wanted(&[(FRONT_TOKEN_KEY, 3_000), (ACCESS_TOKEN_KEY, 0)]), "");
        for (access, is_moved) in [(MOST_OF_ALL - rest, false), (MOST_OF_ALL - rest + 1, true)] {
            let moved = moved(&[(FRONT_TOKEN_KEY, 3_000), (ACCESS_TOKEN_KEY, access)], "");
            assert_eq!(!moved.is_empty(), is_moved, "{access}");
        }
    }

    #[test]
    fn what_is_not_written_counts_and_stays() {
        let there = format!("st-refresh-token={}; st-access-token={}", "r".repeat(3_000), "a".repeat(3_000));
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100)], &there), [FRONT_TOKEN_KEY]);
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100), (ACCESS_TOKEN_KEY, 3_100)], &there), [ACCESS_TOKEN_KEY]);
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 100), (ACCESS_TOKEN_KEY, 2_900)], &there), [""; 0]);
    }

    #[test]
    fn what_is_too_large_for_one_cookie_counts_for_none() {
        assert_eq!(moved(&[(FRONT_TOKEN_KEY, 10_000), (ACCESS_TOKEN_KEY, 3_000)], ""), [FRONT_TOKEN_KEY]);
    }

    #[test]
    fn what_is_removed_takes_no_room() {
        let there = format!("st-access-token={}", "a".repeat(4_000));
        let mut wanted = wanted(&[(FRONT_TOKEN_KEY, 4_000)]);
        wanted.push(Wanted::new(ACCESS_TOKEN_KEY, None));
        keep(&mut wanted, &there);
        assert!(wanted.iter().all(|one| one.in_cookie));
    }
}
