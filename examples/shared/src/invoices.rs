use crate::api::Invoice;

/// The links of the filter, by the number of the quarter.
pub const QUARTERS: [(&str, &str); 5] = [
    ("All", "/invoices#list"),
    ("Q1", "/invoices?quarter=1#list"),
    ("Q2", "/invoices?quarter=2#list"),
    ("Q3", "/invoices?quarter=3#list"),
    ("Q4", "/invoices?quarter=4#list"),
];

/// The quarter of a query parameter. `None` means all.
pub fn read_quarter(query: Option<&str>) -> Option<usize> {
    query?.parse().ok().filter(|quarter| (1..=4).contains(quarter))
}

/// The invoices of a quarter, or all of them.
pub fn invoices_of(quarter: Option<usize>, invoices: &[Invoice]) -> Vec<Invoice> {
    let is_shown = |invoice: &&Invoice| quarter.is_none() || quarter_of(&invoice.issued_at) == quarter;
    invoices.iter().filter(is_shown).cloned().collect()
}

/// The quarter of an ISO 8601 time.
fn quarter_of(iso: &str) -> Option<usize> {
    let month: usize = iso.split('-').nth(1)?.parse().ok()?;
    (1..=12).contains(&month).then(|| month.div_ceil(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_read_and_invalid_values_are_none() {
        let quarters = ["2026-01-02", "2026-03-31", "2026-04-01", "2026-12-31"].map(quarter_of);
        assert_eq!(quarters, [Some(1), Some(1), Some(2), Some(4)]);
        assert_eq!((quarter_of("2026-13-01"), quarter_of("soon")), (None, None));
        assert_eq!(read_quarter(Some("4")), Some(4));
        for invalid in [None, Some("0"), Some("5"), Some("two")] {
            assert_eq!(read_quarter(invalid), None);
        }
    }
}
