use std::cmp::Reverse;

use crate::api::Order;

/// The sort key of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sort {
    Placed,
    Item,
    Total,
}

impl Sort {
    pub fn from_query(sort: Option<&str>) -> Self {
        match sort {
            Some("item") => Self::Item,
            Some("total") => Self::Total,
            _ => Self::Placed,
        }
    }

    pub fn href(self) -> &'static str {
        match self {
            Self::Placed => "/orders?sort=placed#list",
            Self::Item => "/orders?sort=item#list",
            Self::Total => "/orders?sort=total#list",
        }
    }

    pub fn direction(self) -> &'static str {
        match self {
            Self::Item => "ascending",
            Self::Placed | Self::Total => "descending",
        }
    }

    pub fn apply(self, orders: &mut [Order]) {
        match self {
            Self::Placed => orders.sort_by(|a, b| b.placed_at.cmp(&a.placed_at)),
            Self::Item => orders.sort_by_key(|order| order.item.to_lowercase()),
            Self::Total => orders.sort_by_key(|order| Reverse(order.total_cents)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(item: &str, total_cents: u32, placed_at: &str) -> Order {
        let (item, placed_at) = (item.to_owned(), placed_at.to_owned());
        Order { id: String::new(), item, quantity: 1, total_cents, placed_at }
    }

    #[test]
    fn orders_are_sorted_by_each_key() {
        let mut orders =
            vec![order("b", 2, "2026-01-03"), order("C", 3, "2026-01-01"), order("a", 1, "2026-01-02")];
        for (query, expected) in [("item", "abC"), ("total", "Cba"), ("placed", "baC"), ("none", "baC")] {
            Sort::from_query(Some(query)).apply(&mut orders);
            let items: String = orders.iter().map(|order| order.item.as_str()).collect();
            assert_eq!(items, expected, "{query}");
        }
    }
}
