//! The Multitenancy recipe.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::factors::Factor;
use crate::provider;
use crate::state::App;
use crate::tenants::{RecipeRoutes, Tenant};

/// The route that tells a page how users of a tenant may sign in.
pub(crate) fn router(app: App) -> Router {
    Router::new().recipe("/loginmethods", get(login_methods)).with_state(app)
}

async fn login_methods(tenant: Tenant) -> Json<Value> {
    let third_party = tenant.allows(Factor::ThirdParty);
    let providers =
        if third_party { json!([{ "id": provider::ID, "name": provider::NAME }]) } else { json!([]) };
    let first_factors: Vec<&str> = tenant.first_factors().iter().map(|factor| factor.id()).collect();
    Json(json!({
        "status": "OK",
        "emailPassword": { "enabled": tenant.allows(Factor::EmailPassword) },
        "thirdParty": { "enabled": third_party, "providers": providers },
        "passwordless": { "enabled": tenant.allows(Factor::OtpEmail) },
        "webauthn": { "enabled": false },
        "firstFactors": first_factors,
    }))
}
