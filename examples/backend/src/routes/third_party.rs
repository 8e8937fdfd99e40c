//! The ThirdParty recipe, with the demo provider.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::start::start_session;
use crate::error::{ApiError, Body, Query};
use crate::factors::Factor;
use crate::state::App;
use crate::tenants::{RecipeRoutes, Tenant};
use crate::users::Method;
use crate::{origins, provider, random};

/// The routes of the recipe.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/authorisationurl", get(authorisation_url))
        .recipe("/signinup", post(sign_in_up))
        .with_state(app)
}

async fn authorisation_url(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let id = query.need("thirdPartyId", "Please provide the thirdPartyId as a GET param")?;
    let redirect_uri = query.need(
        "redirectURIOnProviderDashboard",
        "Please provide the redirectURIOnProviderDashboard as a GET param",
    )?;
    check_provider(tenant, id)?;
    let verifier = format!("{}{}", random::token()?, random::token()?);
    let parameters = Serializer::new(String::new())
        .append_pair("client_id", provider::CLIENT_ID)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid email")
        .append_pair("code_challenge", &provider::challenge(&verifier))
        .append_pair("code_challenge_method", "S256")
        .finish();
    let api = origins::api(&app.options, &headers);
    Ok(Json(json!({
        "status": "OK",
        "urlWithQueryParams": format!("{api}/demo-provider/authorize?{parameters}"),
        "pkceCodeVerifier": verifier,
    })))
}

#[derive(Deserialize)]
struct SignInUp {
    #[serde(rename = "thirdPartyId")]
    third_party_id: Option<String>,
    #[serde(rename = "redirectURIInfo")]
    redirect: Option<RedirectInfo>,
}

#[derive(Deserialize)]
struct RedirectInfo {
    #[serde(rename = "redirectURIOnProviderDashboard")]
    redirect_uri: Option<String>,
    #[serde(rename = "redirectURIQueryParams", default)]
    query: HashMap<String, Value>,
    #[serde(rename = "pkceCodeVerifier")]
    verifier: Option<String>,
}

async fn sign_in_up(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(body): Body<SignInUp>,
) -> Result<Response, ApiError> {
    let missing = |what| ApiError::bad_request(format!("Please provide {what} request body"));
    let id = body.third_party_id.ok_or_else(|| missing("the thirdPartyId in"))?;
    let redirect = body.redirect.ok_or_else(|| missing("one of redirectURIInfo or oAuthTokens in the"))?;
    let redirect_uri =
        redirect.redirect_uri.ok_or_else(|| missing("the redirectURIOnProviderDashboard in"))?;
    check_provider(tenant, &id)?;
    let code = redirect.query.get("code").and_then(Value::as_str).unwrap_or_default();
    let verifier = redirect.verifier.unwrap_or_default();
    // The SDK throws here, so its server responds with 500.
    let account = app.state.provider.exchange(code, &redirect_uri, &verifier);
    let account = account.ok_or(ApiError::Failed("The provider did not accept the code"))?;
    let Some(email) = account.email else {
        return Ok(Json(json!({ "status": "NO_EMAIL_GIVEN_BY_PROVIDER" })).into_response());
    };
    let method = Method::ThirdParty(account.id);
    let (user, is_new) = app.state.users.sign_in_up(tenant, email, method, app.options.max_users)?;
    start_session(&app, &headers, &user, Factor::ThirdParty, Some(is_new))
}

fn check_provider(tenant: Tenant, id: &str) -> Result<(), ApiError> {
    if id == provider::ID && tenant.allows(Factor::ThirdParty) {
        return Ok(());
    }
    Err(ApiError::bad_request(format!("the provider {id} could not be found in the configuration")))
}
