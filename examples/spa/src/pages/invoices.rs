//! A page for users with a verified e-mail address.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{Invoice, use_api},
    components::{Loading, Page},
    text::{amount, day},
};

#[component]
pub(crate) fn Invoices() -> impl IntoView {
    let api = use_api();
    let invoices = LocalResource::new(move || api.invoices());
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

const QUARTERS: [(&str, &str); 5] = [
    ("All", "/invoices#list"),
    ("Q1", "/invoices?quarter=1#list"),
    ("Q2", "/invoices?quarter=2#list"),
    ("Q3", "/invoices?quarter=3#list"),
    ("Q4", "/invoices?quarter=4#list"),
];

#[component]
fn InvoicesTable(invoices: Vec<Invoice>) -> impl IntoView {
    let query = use_query_map();
    let quarter = Memo::new(move |_| query.with(|query| read_quarter(query.get("quarter").as_deref())));
    let rows = move || {
        let quarter = quarter.get();
        let is_shown = |invoice: &&Invoice| quarter.is_none() || quarter_of(&invoice.issued_at) == quarter;
        invoices.iter().filter(is_shown).cloned().map(row).collect_view()
    };
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

fn read_quarter(query: Option<&str>) -> Option<usize> {
    query?.parse().ok().filter(|quarter| (1..=4).contains(quarter))
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
