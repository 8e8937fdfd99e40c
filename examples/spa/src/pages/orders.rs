use example_shared::{
    Sort,
    api::Order,
    text::{amount, day},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::use_api,
    components::{Loading, Page},
};

#[component]
pub(crate) fn Orders() -> impl IntoView {
    let api = use_api();
    let orders = LocalResource::new(move || api.clone().orders());
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
