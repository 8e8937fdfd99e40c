use leptos::{either::EitherOf3, prelude::*};
use supertokens_leptos::{claims::roles, use_claim_value, use_denied};

use crate::{
    components::{Failure, Loading, Page},
    functions::{Customer, customers},
};

#[component]
pub(crate) fn Admin() -> impl IntoView {
    let list = Resource::new(|| (), |()| customers());
    let content = move || {
        Suspend::new(async move {
            match list.await {
                Ok(customers) if customers.is_empty() => EitherOf3::A(view! {
                    <p class="card" data-testid="customers">"No customer has placed an order since the server’s start."</p>
                }),
                Ok(customers) => EitherOf3::B(view! { <Customers customers/> }),
                Err(error) => EitherOf3::C(view! { <Failure error/> }),
            }
        })
    };
    view! {
        <Page title="Admin" testid="admin-page">
            <p class="lead">
                "For the role admin. The guard decides what the page shows, and the server function checks the role of its caller itself."
            </p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}

#[component]
fn Customers(customers: Vec<Customer>) -> impl IntoView {
    let row = |Customer { email, orders }| {
        view! { <tr><th scope="row">{email}</th><td class="number">{orders}</td></tr> }
    };
    view! {
        <div class="card table-card">
            <table>
                <caption>"Customers"</caption>
                <thead>
                    <tr><th scope="col">"E-mail"</th><th scope="col" class="number">"New orders"</th></tr>
                </thead>
                <tbody data-testid="customers">{customers.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Shown in place of [`Admin`] to users without the role. The server's response has the status 403.
#[component]
pub(crate) fn Denied() -> impl IntoView {
    let claims = use_denied().reasons.into_iter().map(|claim| view! { <li><code>{claim.id}</code></li> });
    let roles = use_claim_value(roles());
    view! {
        <Page title="Not open to you" testid="denied-page" is_narrow=true>
            <div class="card" role="alert">
                <p><strong>"You are signed in, but this page requires the role admin."</strong></p>
                <p>"Your roles: " {move || roles.get().unwrap_or_default().join(", ")} "."</p>
                <p class="muted">"These claims of the session are not sufficient:"</p>
                <ul class="reasons" data-testid="reasons">{claims.collect_view()}</ul>
            </div>
        </Page>
    }
}
