//! `/auth`: what a SuperTokens backend SDK adds to an API.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::form::{Credentials, FieldErrors, Form};
use crate::error::{ApiError, Body};
use crate::session::guard::{csrf_check, require_session_quietly};
use crate::session::transfer::{self, Mode};
use crate::session::{RefreshToken, Session};
use crate::state::App;
use crate::users::User;

/// The routes under `/auth`.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/auth/signout", post(sign_out))
        .route_layer(from_fn_with_state(app.clone(), require_session_quietly))
        .route("/auth/signup", post(sign_up))
        .route("/auth/signin", post(sign_in))
        .route("/auth/session/refresh", post(refresh))
        .with_state(app)
}

async fn sign_up(
    State(app): State<App>,
    headers: HeaderMap,
    Body(form): Body<Form>,
) -> Result<Response, ApiError> {
    let Credentials { email, password } = match form.check(true)? {
        Ok(credentials) => credentials,
        Err(errors) => return Ok(Json(errors.to_json()).into_response()),
    };
    match app.state.users.sign_up(&email, password, app.options.max_users).await? {
        Some(user) => start_session(&app, &headers, &user),
        None => Ok(Json(FieldErrors::email_taken().to_json()).into_response()),
    }
}

async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Body(form): Body<Form>,
) -> Result<Response, ApiError> {
    let Credentials { email, password } = match form.check(false)? {
        Ok(credentials) => credentials,
        Err(errors) => return Ok(Json(errors.to_json()).into_response()),
    };
    match app.state.users.sign_in(&email, password).await? {
        Some(user) => start_session(&app, &headers, &user),
        None => Ok(Json(json!({ "status": "WRONG_CREDENTIALS_ERROR" })).into_response()),
    }
}

fn start_session(app: &App, headers: &HeaderMap, user: &User) -> Result<Response, ApiError> {
    let mode = Mode::wanted(headers);
    let issued = app.state.sessions.create(user, mode, &app.options)?;
    let mut response = Json(json!({ "status": "OK", "user": user.to_json() })).into_response();
    transfer::attach_alone(response.headers_mut(), headers, &issued, mode);
    Ok(response)
}

async fn refresh(State(app): State<App>, headers: HeaderMap) -> Response {
    let mut response = match try_refresh(&app, &headers) {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR && transfer::has_legacy_cookie(&headers) {
        transfer::clear_legacy_cookie(response.headers_mut());
    }
    response
}

fn try_refresh(app: &App, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (token, mode) = transfer::refresh_token(headers)?;
    let check = csrf_check(app, headers, mode).ok_or(ApiError::SessionEnded)?;
    let issued = app.state.sessions.refresh(&RefreshToken::new(token), mode, check, &app.options)?;
    let mut response = Json(json!({})).into_response();
    transfer::attach_alone(response.headers_mut(), headers, &issued, mode);
    Ok(response)
}

async fn sign_out(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> (HeaderMap, Json<Value>) {
    app.state.sessions.revoke(session.handle());
    let mut headers = HeaderMap::new();
    transfer::clear(&mut headers, session.mode);
    (headers, Json(json!({ "status": "OK" })))
}
