//! Who is compared.

/// One of those who are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contender {
    /// The name of its script, and of its column.
    pub(crate) name: &'static str,
    /// Knows what to do after a 401.
    pub(crate) refreshes: bool,
    /// Reads the front token, so that it makes a difference whether that tells of an expiry.
    pub(crate) knows: bool,
    /// Answers questions about the session, has a lock, and works over tabs.
    pub(crate) session: bool,
}

pub(crate) const PLAIN: &str = "plain";
pub(crate) const FLOOR: &str = "floor";
pub(crate) const SDK: &str = "sdk";
pub(crate) const OURS: &str = "ours";
pub(crate) const INTERCEPTED: &str = "intercepted";
pub(crate) const GLOO: &str = "gloo";

pub(crate) const ALL: [Contender; 6] = [
    Contender { name: PLAIN, refreshes: true, knows: false, session: false },
    Contender { name: GLOO, refreshes: false, knows: false, session: false },
    Contender { name: FLOOR, refreshes: true, knows: true, session: true },
    Contender { name: SDK, refreshes: true, knows: true, session: true },
    Contender { name: OURS, refreshes: true, knows: true, session: true },
    Contender { name: INTERCEPTED, refreshes: true, knows: true, session: false },
];

impl Contender {
    /// What a reader knows it by.
    pub(crate) fn label(name: &str) -> &'static str {
        match name {
            PLAIN => "plain fetch",
            GLOO => "gloo-net",
            FLOOR => "floor",
            SDK => "supertokens-website",
            INTERCEPTED => "ours, intercepted",
            _ => "ours",
        }
    }
}

/// All, beginning with another one each round.
pub(crate) fn rotated(round: usize) -> impl Iterator<Item = Contender> {
    ALL.into_iter().cycle().skip(round % ALL.len()).take(ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_turn_in_each_round_and_is_first_in_one() {
        let first: Vec<_> = (0..ALL.len()).filter_map(|round| rotated(round).next()).collect();
        for contender in ALL {
            assert!(first.contains(&contender));
            assert!(rotated(3).any(|other| other == contender));
        }
    }
}
