use std::collections::VecDeque;

/// Stops redirects that go round in circles: no user clicks so often in so short a time.
#[derive(Debug)]
pub(super) struct RedirectBudget {
    limit: Limit,
    /// In ms.
    taken_at: VecDeque<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Limit {
    redirects: usize,
    within_ms: i64,
}

impl RedirectBudget {
    /// Within one page.
    const ROUTED: Limit = Limit { redirects: 10, within_ms: 10_000 };
    /// To other sites and back: each takes as long as a page takes to load.
    const LOADED: Limit = Limit { redirects: 5, within_ms: 60_000 };

    /// For redirects within one page.
    pub(super) fn of_routes() -> Self {
        Self { limit: Self::ROUTED, taken_at: VecDeque::new() }
    }

    /// For redirects that load a page, of which some have been taken.
    pub(super) fn of_loads(taken_at_ms: impl IntoIterator<Item = i64>) -> Self {
        Self { limit: Self::LOADED, taken_at: taken_at_ms.into_iter().collect() }
    }

    /// Counts a redirect at `now_ms`; false when there have been too many.
    pub(super) fn take(&mut self, now_ms: i64) -> bool {
        let Limit { redirects, within_ms } = self.limit;
        // A clock that was set back leaves times in the future. They do not count.
        self.taken_at.retain(|then| (0..within_ms).contains(&now_ms.saturating_sub(*then)));
        if self.taken_at.len() >= redirects {
            return false;
        }
        self.taken_at.push_back(now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_stopped_and_people_are_not() {
        let mut circle = RedirectBudget::of_routes();
        assert_eq!((0..50).filter(|i| circle.take(i * 100)).count(), 10);
        assert!(circle.take(60_000), "a later redirect is let through again");
        let mut person = RedirectBudget::of_routes();
        assert!((0..50).all(|i| person.take(i * 2_000)));
    }

    #[test]
    fn circles_over_other_sites_are_stopped_however_long_pages_take_to_load() {
        let mut times = Vec::new();
        for now in (0..20).map(|i| i * 8_000) {
            if !RedirectBudget::of_loads(times.clone()).take(now) {
                break;
            }
            times.push(now);
        }
        assert_eq!(times.len(), 5);
        assert!(RedirectBudget::of_loads(times.clone()).take(200_000));
        assert!(RedirectBudget::of_loads(times).take(-1_000_000), "the clock was set back");
    }
}
