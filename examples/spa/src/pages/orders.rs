use std::cmp::Reverse;

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{Order, use_api},
    components::{Loading, Page},
    text::{amount, day},
};

#[component]
pub(crate) fn Orders() -> impl IntoView {
    let api = use_api();
    let orders = LocalResource::new(move || api.orders());
    let content = move || {
        Suspend::new(async move {
            match orders.await {
                Ok(orders) => Either::Left(view! { <OrdersTable orders/> }),
                Err(error) => Either::Right(view! {
                    <div class="card" data-testid="orders-error">
                        <p role="alert"><strong>"The orders could not be loaded. "</strong>{error.to_string()}</p>
                        <button
                            type="button"
                            class="button primary"
                            data-testid="orders-retry"
                            on:click=move |_| orders.refetch()
                        >
                            "Try again"
                        </button>
                    </div>
                }),
            }
        })
    };
    view! {
        <Page title="Orders" testid="orders-page">
            <p class="lead">
                "The API sends orders to signed-in users only. The URL contains the sorting, so an expired session brings you back to the same list."
            </p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

/// The sort key of the list.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Placed,
    Item,
    Total,
}

impl Sort {
    fn from_query(sort: Option<&str>) -> Self {
        match sort {
            Some("item") => Self::Item,
            Some("total") => Self::Total,
            _ => Self::Placed,
        }
    }

    fn href(self) -> &'static str {
        match self {
            Self::Placed => "/orders?sort=placed#list",
            Self::Item => "/orders?sort=item#list",
            Self::Total => "/orders?sort=total#list",
        }
    }

    fn direction(self) -> &'static str {
        match self {
            Self::Item => "ascending",
            Self::Placed | Self::Total => "descending",
        }
    }

    fn apply(self, orders: &mut [Order]) {
        match self {
            Self::Placed => orders.sort_by(|a, b| b.placed_at.cmp(&a.placed_at)),
            Self::Item => orders.sort_by_key(|order| order.item.to_lowercase()),
            Self::Total => orders.sort_by_key(|order| Reverse(order.total_cents)),
        }
    }
}

#[component]
fn OrdersTable(orders: Vec<Order>) -> impl IntoView {
    let query = use_query_map();
    let sort = Memo::new(move |_| Sort::from_query(query.with(|query| query.get("sort")).as_deref()));
    let sorted = move || {
        let mut orders = orders.clone();
        sort.get().apply(&mut orders);
        orders.into_iter().map(row).collect_view()
    };
    view! {
        <div class="card table-card" id="list">
            <table>
                <caption>"Your orders"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="optional">"Order"</th>
                        <SortHeader by=Sort::Item label="Item" sort/>
                        <th scope="col" class="number"><abbr title="Quantity">"Qty"</abbr></th>
                        <SortHeader by=Sort::Total label="Total, €" is_number=true sort/>
                        <SortHeader by=Sort::Placed label="Placed" sort/>
                    </tr>
                </thead>
                <tbody data-testid="orders-list">{sorted}</tbody>
            </table>
        </div>
    }
}

#[component]
fn SortHeader(
    by: Sort,
    label: &'static str,
    sort: Memo<Sort>,
    #[prop(optional)] is_number: bool,
) -> impl IntoView {
    let direction = move || (sort.get() == by).then(|| by.direction());
    view! {
        <th scope="col" class:number=is_number aria-sort=direction>
            <a href=by.href()>{label}</a>
        </th>
    }
}

fn row(order: Order) -> impl IntoView {
    view! {
        <tr>
            <td class="code optional">{order.id}</td>
            <th scope="row">{order.item}</th>
            <td class="number">{order.quantity}</td>
            <td class="number">{amount(order.total_cents)}</td>
            <td><time datetime=order.placed_at.clone()>{day(&order.placed_at)}</time></td>
        </tr>
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
