use example_shared::{
    Sort,
    api::{ApiError, Order},
    text::{amount, day},
};
use yew::prelude::*;

use crate::{
    components::{Link, LoadError, Page},
    hooks::{use_api, use_load, use_query},
};

#[component]
pub(crate) fn Orders() -> Html {
    let api = use_api();
    let orders = use_load(move || api.clone().orders());
    let table = |orders: &Vec<Order>| html! { <OrdersTable orders={orders.clone()}/> };
    let failed = |error: &ApiError, retry| {
        let message = "The orders could not be loaded.";
        html! { <LoadError id="orders-error" retry_id="orders-retry" {message} error={error.to_string()} {retry}/> }
    };
    html! {
        <Page title="Orders" id="orders-page">
            <p class="lead">
                {"The API sends orders to signed-in users only. The URL contains the sorting, so an expired session brings you back to the same list."}
            </p>
            {orders.view(table, failed)}
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct OrdersTableProps {
    orders: Vec<Order>,
}

#[component]
fn OrdersTable(props: &OrdersTableProps) -> Html {
    let sort = Sort::from_query(use_query("sort").as_deref());
    let mut orders = props.orders.clone();
    sort.apply(&mut orders);
    let header = |by: Sort, label, class| {
        let direction = (sort == by).then(|| by.direction());
        html! { <th scope="col" {class} aria-sort={direction}><Link href={by.href()}>{label}</Link></th> }
    };
    html! {
        <div class="card table-card" id="list">
            <table>
                <caption>{"Your orders"}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="optional">{"Order"}</th>
                        {header(Sort::Item, "Item", None)}
                        <th scope="col" class="number"><abbr title="Quantity">{"Qty"}</abbr></th>
                        {header(Sort::Total, "Total, €", Some("number"))}
                        {header(Sort::Placed, "Placed", None)}
                    </tr>
                </thead>
                <tbody data-testid="orders-list">{for orders.into_iter().map(row)}</tbody>
            </table>
        </div>
    }
}

fn row(order: Order) -> Html {
    html! {
        <tr>
            <td class="code optional">{order.id}</td>
            <th scope="row">{order.item}</th>
            <td class="number">{order.quantity}</td>
            <td class="number">{amount(order.total_cents)}</td>
            <td><time datetime={order.placed_at.clone()}>{day(&order.placed_at)}</time></td>
        </tr>
    }
}
