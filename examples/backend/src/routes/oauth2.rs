//! The OAuth2Provider recipe, as far as a login page uses it.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::error::{ApiError, Query};
use crate::oauth2::{CLIENT_ID, CLIENT_NAME};
use crate::origins;
use crate::session::guard::verify;
use crate::state::App;
use crate::tenants::RecipeRoutes;

/// The routes of the recipe.
pub(crate) fn router(app: App) -> Router {
    Router::new().recipe("/oauth/login/info", get(info)).recipe("/oauth/login", get(login)).with_state(app)
}

/// The client that a user signs in to. The empty fields are those that this client has not set.
async fn info(State(app): State<App>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    if !app.state.logins.is_known(challenge(&query)?) {
        return Ok(unknown_challenge());
    }
    let api = origins::api(&app.options, &headers);
    let info = json!({
        "clientId": CLIENT_ID,
        "clientName": CLIENT_NAME,
        "tosUri": "",
        "policyUri": "",
        "logoUri": "",
        "clientUri": format!("{api}/demo-client"),
        "metadata": {},
    });
    Ok(Json(json!({ "status": "OK", "info": info })).into_response())
}

/// Where the page goes next: to the client with a session, otherwise to the login page, which may refresh first.
async fn login(State(app): State<App>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let challenge = challenge(&query)?;
    if !app.state.logins.is_known(challenge) {
        return Ok(unknown_challenge());
    }
    let website = || origins::website(&app.options, &headers);
    let (session, renewed) = match verify(&app, app.transfer(), &Method::GET, &headers) {
        Ok(verified) => verified,
        Err(ApiError::TryRefresh) => {
            return Ok(go_to(&format!("{}/login/try-refresh?loginChallenge={challenge}", website())));
        }
        Err(_) => return Ok(go_to(&format!("{}/login?loginChallenge={challenge}", website()))),
    };
    let Some((code, state)) = app.state.logins.accept(challenge, session.user_id())? else {
        return Ok(unknown_challenge());
    };
    let api = origins::api(&app.options, &headers);
    let mut response = go_to(&format!("{api}/demo-client/callback?code={code}&state={state}"));
    if let Some(renewed) = renewed {
        session.attach(response.headers_mut(), &renewed);
    }
    Ok(response)
}

fn challenge(query: &Query) -> Result<&str, ApiError> {
    match query.get("login_challenge") {
        Some(challenge) => Ok(challenge),
        None => query.need("loginChallenge", "Missing input param: loginChallenge"),
    }
}

fn go_to(url: &str) -> Response {
    Json(json!({ "frontendRedirectTo": url })).into_response()
}

/// The SDK passes on what Ory Hydra responds.
fn unknown_challenge() -> Response {
    let body = json!({
        "error": "Not Found",
        "error_description": "Unable to locate the requested resource",
    });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}
