use std::collections::VecDeque;

/// Stops redirects that go round in circles: so many in so short a time are nobody's clicks.
#[derive(Debug, Default)]
pub(crate) struct RedirectBudget(VecDeque<i64>);

impl RedirectBudget {
    const REDIRECTS: usize = 10;
    const WITHIN_MS: i64 = 10_000;

    /// Counts a redirect at `now_ms`; false when there have been too many.
    pub(crate) fn take(&mut self, now_ms: i64) -> bool {
        self.0.retain(|then| now_ms.saturating_sub(*then) < Self::WITHIN_MS);
        if self.0.len() >= Self::REDIRECTS {
            return false;
        }
        self.0.push_back(now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_stopped_and_people_are_not() {
        let mut circle = RedirectBudget::default();
        assert_eq!((0..50).filter(|i| circle.take(i * 100)).count(), RedirectBudget::REDIRECTS);
        assert!(circle.take(60_000), "a later redirect is let through again");
        let mut person = RedirectBudget::default();
        assert!((0..50).all(|i| person.take(i * 2_000)));
    }
}
