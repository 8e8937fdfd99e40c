use leptos::{either::Either, ev::SubmitEvent, html::Input, prelude::*};

use crate::{
    components::{Failure, Loading, Page, error_text, use_hydrated},
    functions::{Order, orders, place_order},
};

#[component]
pub(crate) fn Orders() -> impl IntoView {
    let placed = Action::new(|item: &String| place_order(item.clone()));
    let list = Resource::new(move || placed.version().get(), |_| orders());
    let content = move || {
        Suspend::new(async move {
            match list.await {
                Ok(orders) => Either::Left(view! { <OrdersTable orders/> }),
                Err(error) => Either::Right(view! { <Failure error/> }),
            }
        })
    };
    view! {
        <Page title="Orders" testid="orders-page">
            <p class="lead">
                "A server function lists the orders of its caller. The server calls it while it renders this page, and the browser calls it afterwards."
            </p>
            <Transition fallback=Loading>{content}</Transition>
            <section class="card" aria-labelledby="new-title">
                <h2 id="new-title">"New order"</h2>
                <OrderForm placed/>
            </section>
        </Page>
    }
}

#[component]
fn OrdersTable(orders: Vec<Order>) -> impl IntoView {
    let row = |Order { number, item }| view! { <tr><th scope="row">{item}</th><td class="number">{number}</td></tr> };
    view! {
        <div class="card table-card">
            <table>
                <caption>"Your orders"</caption>
                <thead>
                    <tr><th scope="col">"Item"</th><th scope="col" class="number">"No."</th></tr>
                </thead>
                <tbody data-testid="orders">{orders.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn OrderForm(placed: Action<String, Result<Vec<Order>, ServerFnError>>) -> impl IntoView {
    let (input, is_hydrated) = (NodeRef::<Input>::new(), use_hydrated());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The text may be older than the hydration, so it is in the input and not in a signal.
        if let Some(input) = input.get_untracked() {
            placed.dispatch(input.value());
        }
    };
    Effect::new(move |_| {
        let is_placed = placed.value().with(|outcome| matches!(outcome, Some(Ok(_))));
        if let Some(input) = input.get_untracked().filter(|_| is_placed) {
            input.set_value("");
        }
    });
    view! {
        <form class="inline-form" on:submit=submit>
            <div class="field">
                <label for="item">"Item"</label>
                <input id="item" type="text" maxlength="60" autocomplete="off" data-testid="item" node_ref=input/>
            </div>
            <button type="submit" class="button" data-testid="place" disabled=move || !is_hydrated.get()>
                "Place order"
            </button>
        </form>
        <output class="outcome failed" data-testid="place-error">
            {move || placed.value().get().and_then(Result::err).map(error_text)}
        </output>
    }
}
