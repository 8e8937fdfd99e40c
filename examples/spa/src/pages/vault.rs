//! A page for users with a second factor.

use leptos::prelude::*;

use crate::{
    api::use_api,
    components::{LoadError, Loading, Page},
};

#[component]
pub(crate) fn Vault() -> impl IntoView {
    let api = use_api();
    let vault = LocalResource::new(move || api.clone().vault());
    let content = move || {
        Suspend::new(async move {
            match vault.await {
                Ok(vault) => view! {
                    <div class="card"><p data-testid="vault-secret">{vault.secret}</p></div>
                }
                .into_any(),
                Err(error) => {
                    let (message, retry) = ("The vault could not be opened.", move || vault.refetch());
                    view! { <LoadError testid="vault-error" message error=error.to_string() retry/> }
                        .into_any()
                }
            }
        })
    };
    view! {
        <Page title="Vault" testid="vault-page">
            <p class="lead">
                "For sessions with a second factor only. The guard redirects to it and back, and the API enforces it."
            </p>
            <Suspense fallback=Loading>{content}</Suspense>
        </Page>
    }
}
