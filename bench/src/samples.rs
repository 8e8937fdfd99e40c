//! The samples of all measurements.

use std::collections::BTreeMap;

/// Samples by measurement and contender.
#[derive(Default)]
pub(crate) struct Samples(BTreeMap<(String, &'static str), Vec<f64>>);

impl Samples {
    pub(crate) fn add(&mut self, what: &str, who: &'static str, value: f64) {
        self.0.entry((what.to_owned(), who)).or_default().push(value);
    }

    pub(crate) fn median(&self, what: &str, who: &str) -> Option<f64> {
        median(self.get(what, who)?)
    }

    pub(crate) fn largest(&self, what: &str, who: &str) -> Option<f64> {
        self.get(what, who)?.iter().copied().reduce(f64::max)
    }

    fn get(&self, what: &str, who: &str) -> Option<&[f64]> {
        self.0
            .iter()
            .find(|((known, whose), _)| known == what && *whose == who)
            .map(|(_, values)| &values[..])
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*sorted.get(middle - 1)?, upper)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[9.0, 1.0, 2.0, 4.0]), Some(3.0));
    }

    #[test]
    fn samples_are_stored_by_measurement_and_contender() {
        let mut samples = Samples::default();
        samples.add("a", "x", 1.0);
        samples.add("a", "x", 3.0);
        samples.add("a", "y", 9.0);
        assert_eq!(samples.median("a", "x"), Some(2.0));
        assert_eq!(samples.largest("a", "x"), Some(3.0));
        assert_eq!(samples.median("b", "x"), None);
    }
}
