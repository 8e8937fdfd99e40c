//! A page for users with a verified e-mail address.

use example_shared::{
    QUARTERS,
    api::{ApiError, Invoice},
    invoices_of, read_quarter,
    text::{amount, day},
};
use yew::prelude::*;

use crate::{
    components::{Link, LoadError, Page},
    hooks::{use_api, use_load, use_query},
};

#[component]
pub(crate) fn Invoices() -> Html {
    let api = use_api();
    let invoices = use_load(move || api.clone().invoices());
    let table = |invoices: &Vec<Invoice>| html! { <InvoicesTable invoices={invoices.clone()}/> };
    let failed = |error: &ApiError, retry| {
        let message = "The invoices could not be loaded.";
        html! { <LoadError id="invoices-error" {message} error={error.to_string()} {retry}/> }
    };
    html! {
        <Page title="Invoices" id="invoices-page">
            <p class="lead">
                {"For verified e-mail addresses only. The guard redirects to the verification and back, and the API enforces it."}
            </p>
            {invoices.view(table, failed)}
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct InvoicesTableProps {
    invoices: Vec<Invoice>,
}

#[component]
fn InvoicesTable(props: &InvoicesTableProps) -> Html {
    let quarter = read_quarter(use_query("quarter").as_deref());
    let links = QUARTERS.iter().enumerate().map(|(index, (name, href))| {
        let is_current = quarter.unwrap_or_default() == index;
        html! { <li><Link href={*href} current={is_current.then_some("true")}>{name}</Link></li> }
    });
    html! {
        <>
            <nav class="tabs" aria-label="Quarter"><ul>{for links}</ul></nav>
            <div class="card table-card" id="list">
                <table>
                    <caption>{"Your invoices"}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{"Invoice"}</th>
                            <th scope="col">{"Order"}</th>
                            <th scope="col" class="number">{"Total, €"}</th>
                            <th scope="col">{"Issued"}</th>
                        </tr>
                    </thead>
                    <tbody data-testid="invoices-list">
                        {for invoices_of(quarter, &props.invoices).into_iter().map(row)}
                    </tbody>
                </table>
            </div>
        </>
    }
}

fn row(invoice: Invoice) -> Html {
    html! {
        <tr>
            <th scope="row" class="code">{invoice.id}</th>
            <td class="code">{invoice.order_id}</td>
            <td class="number">{amount(invoice.total_cents)}</td>
            <td><time datetime={invoice.issued_at.clone()}>{day(&invoice.issued_at)}</time></td>
        </tr>
    }
}
