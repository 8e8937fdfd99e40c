//! A page for users with a second factor.

use example_shared::api::{ApiError, Vault as Content};
use yew::prelude::*;

use crate::{
    components::{LoadError, Page},
    hooks::{use_api, use_load},
};

#[component]
pub(crate) fn Vault() -> Html {
    let api = use_api();
    let vault = use_load(move || api.clone().vault());
    let content = |vault: &Content| {
        html! { <div class="card"><p data-testid="vault-secret">{&vault.secret}</p></div> }
    };
    let failed = |error: &ApiError, retry| {
        let message = "The vault could not be opened.";
        html! { <LoadError id="vault-error" {message} error={error.to_string()} {retry}/> }
    };
    html! {
        <Page title="Vault" id="vault-page">
            <p class="lead">
                {"For sessions with a second factor only. The guard redirects to it and back, and the API enforces it."}
            </p>
            {vault.view(content, failed)}
        </Page>
    }
}
