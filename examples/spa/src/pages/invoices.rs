//! A page for users with a verified e-mail address.

use example_shared::{
    QUARTERS,
    api::Invoice,
    invoices_of, read_quarter,
    text::{amount, day},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::use_api,
    components::{Loading, Page},
};

#[component]
pub(crate) fn Invoices() -> impl IntoView {
    let api = use_api();
    let invoices = LocalResource::new(move || api.clone().invoices());
    let content = move || {
        Suspend::new(async move {
            match invoices.await {
                Ok(invoices) => Either::Left(view! { <InvoicesTable invoices/> }),
                Err(error) => Either::Right(view! {
                    <div class="card" data-testid="invoices-error">
                        <p role="alert"><strong>"The invoices could not be loaded. "</strong>{error.to_string()}</p>
                        <button type="button" class="button primary" on:click=move |_| invoices.refetch()>
                            "Try again"
                        </button>
                    </div>
                }),
            }
        })
    };
    view! {
        <Page title="Invoices" testid="invoices-page">
            <p class="lead">"For verified e-mail addresses only. The guard redirects to the verification and back, and the API enforces it."</p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

#[component]
fn InvoicesTable(invoices: Vec<Invoice>) -> impl IntoView {
    let query = use_query_map();
    let quarter = Memo::new(move |_| query.with(|query| read_quarter(query.get("quarter").as_deref())));
    let rows = move || invoices_of(quarter.get(), &invoices).into_iter().map(row).collect_view();
    let links = QUARTERS.iter().enumerate().map(|(index, (name, href))| {
        let is_current = move || quarter.get().unwrap_or_default() == index;
        view! { <li><a href=*href aria-current=move || is_current().then_some("true")>{*name}</a></li> }
    });
    view! {
        <nav class="tabs" aria-label="Quarter"><ul>{links.collect_view()}</ul></nav>
        <div class="card table-card" id="list">
            <table>
                <caption>"Your invoices"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Invoice"</th>
                        <th scope="col">"Order"</th>
                        <th scope="col" class="number">"Total, €"</th>
                        <th scope="col">"Issued"</th>
                    </tr>
                </thead>
                <tbody data-testid="invoices-list">{rows}</tbody>
            </table>
        </div>
    }
}

fn row(invoice: Invoice) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" class="code">{invoice.id}</th>
            <td class="code">{invoice.order_id}</td>
            <td class="number">{amount(invoice.total_cents)}</td>
            <td><time datetime=invoice.issued_at.clone()>{day(&invoice.issued_at)}</time></td>
        </tr>
    }
}
