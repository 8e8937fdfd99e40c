//! The contenders of the benchmark.

/// A client that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contender {
    /// The name of its script and of its column.
    pub(crate) name: &'static str,
    /// Whether it refreshes after a 401.
    pub(crate) refreshes: bool,
    /// Whether it reads the expiry from the front token.
    pub(crate) reads_expiry: bool,
    /// Whether it can read the session, has a lock, and works with several tabs.
    pub(crate) has_session: bool,
}

pub(crate) const PLAIN: &str = "plain";
pub(crate) const FLOOR: &str = "floor";
pub(crate) const SDK: &str = "sdk";
pub(crate) const OURS: &str = "ours";
pub(crate) const INTERCEPTED: &str = "intercepted";
pub(crate) const GLOO: &str = "gloo";

pub(crate) const ALL: [Contender; 6] = [
    Contender { name: PLAIN, refreshes: true, reads_expiry: false, has_session: false },
    Contender { name: GLOO, refreshes: false, reads_expiry: false, has_session: false },
    Contender { name: FLOOR, refreshes: true, reads_expiry: true, has_session: true },
    Contender { name: SDK, refreshes: true, reads_expiry: true, has_session: true },
    Contender { name: OURS, refreshes: true, reads_expiry: true, has_session: true },
    Contender { name: INTERCEPTED, refreshes: true, reads_expiry: true, has_session: false },
];

impl Contender {
    /// The name for readers.
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

/// All contenders, with another first one in each round.
pub(crate) fn rotated(round: usize) -> impl Iterator<Item = Contender> {
    ALL.into_iter().cycle().skip(round % ALL.len()).take(ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_all_contenders_and_each_is_first_once() {
        let first: Vec<_> = (0..ALL.len()).filter_map(|round| rotated(round).next()).collect();
        for contender in ALL {
            assert!(first.contains(&contender));
            assert!(rotated(3).any(|other| other == contender));
        }
    }
}
