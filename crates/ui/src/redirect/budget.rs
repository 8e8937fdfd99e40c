use std::collections::VecDeque;

/// Stops redirect loops. The limits are higher than what a user reaches by clicking.
#[derive(Debug)]
pub(super) struct RedirectBudget {
    limit: Limit,
    taken_at_ms: VecDeque<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Limit {
    redirects: usize,
    within_ms: i64,
}

impl RedirectBudget {
    const ROUTES: Limit = Limit { redirects: 10, within_ms: 10_000 };
    /// A redirect to another site loads a page, so a loop is slower.
    const PAGE_LOADS: Limit = Limit { redirects: 5, within_ms: 60_000 };

    /// A budget for redirects within the app.
    pub(super) fn of_routes() -> Self {
        Self { limit: Self::ROUTES, taken_at_ms: VecDeque::new() }
    }

    /// A budget for redirects that load a page, with the times of earlier ones.
    pub(super) fn of_page_loads(taken_at_ms: impl IntoIterator<Item = i64>) -> Self {
        Self { limit: Self::PAGE_LOADS, taken_at_ms: taken_at_ms.into_iter().collect() }
    }

    /// Counts a redirect at `now_ms`. Returns false if there were too many.
    pub(super) fn take(&mut self, now_ms: i64) -> bool {
        let Limit { redirects, within_ms } = self.limit;
        // After the clock is set back, some times are in the future. They do not count.
        self.taken_at_ms.retain(|then| (0..within_ms).contains(&now_ms.saturating_sub(*then)));
        if self.taken_at_ms.len() >= redirects {
            return false;
        }
        self.taken_at_ms.push_back(now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_stopped_and_users_are_not() {
        let mut of_loop = RedirectBudget::of_routes();
        assert_eq!((0..50).filter(|i| of_loop.take(i * 100)).count(), 10);
        assert!(of_loop.take(60_000), "a later redirect is allowed again");
        let mut of_user = RedirectBudget::of_routes();
        assert!((0..50).all(|i| of_user.take(i * 2_000)));
    }

    #[test]
    fn loops_over_other_sites_are_stopped_when_pages_load_slowly() {
        let mut times = Vec::new();
        for now in (0..20).map(|i| i * 8_000) {
            if !RedirectBudget::of_page_loads(times.clone()).take(now) {
                break;
            }
            times.push(now);
        }
        assert_eq!(times.len(), 5);
        assert!(RedirectBudget::of_page_loads(times.clone()).take(200_000));
        assert!(RedirectBudget::of_page_loads(times).take(-1_000_000), "the clock was set back");
    }
}
