//! `/auth`: the routes of a SuperTokens backend SDK.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::form::{Credentials, FieldErrors, Form};
use crate::error::{ApiError, Body};
use crate::session::RefreshToken;
use crate::session::guard::{csrf_check, verify};
use crate::session::transfer::Transfer;
use crate::state::App;
use crate::users::User;

/// The routes under `/auth`.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/auth/signout", post(sign_out))
        .route("/auth/signup", post(sign_up))
        .route("/auth/signin", post(sign_in))
        .route("/auth/session/refresh", post(refresh))
        .route("/auth/jwt/jwks.json", get(key_set))
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
    let transfer = app.transfer();
    let mode = transfer.wanted_mode(headers);
    let issued = app.state.sessions.create(user, mode, &app.options)?;
    let mut response = Json(json!({ "status": "OK", "user": user.to_json() })).into_response();
    transfer.attach_alone(response.headers_mut(), headers, &issued, mode);
    Ok(response)
}

async fn refresh(State(app): State<App>, headers: HeaderMap) -> Response {
    let transfer = app.transfer();
    let mut response = try_refresh(&app, transfer, &headers).unwrap_or_else(|error| transfer.refuse(error));
    transfer.finish_refresh(&headers, &mut response);
    response
}

fn try_refresh(
    app: &App,
    transfer: &'static dyn Transfer,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let (token, mode) = transfer.refresh_token(headers)?;
    let check = csrf_check(app, headers, mode).ok_or(ApiError::Unproven)?;
    let (token, users) = (RefreshToken::new(token), &app.state.users);
    let issued = app.state.sessions.refresh(&token, mode, check, users, &app.options)?;
    let mut response = Json(json!({})).into_response();
    transfer.attach_alone(response.headers_mut(), headers, &issued, mode);
    Ok(response)
}

async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Response {
    let transfer = app.transfer();
    let mut response = Json(json!({ "status": "OK" })).into_response();
    if !transfer.sign_out_takes_session(&headers) {
        return response;
    }
    match verify(&app, transfer, &Method::POST, &headers) {
        Ok((session, renewed)) => {
            app.state.sessions.revoke(session.handle());
            transfer.sign_out(response.headers_mut(), renewed.as_ref(), session.mode);
            response
        }
        Err(error) => transfer.refuse(error),
    }
}

/// The keys with which other servers verify access tokens.
async fn key_set(State(app): State<App>) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    let keys = app.state.sessions.signing_keys().to_jwks();
    ([(CACHE_CONTROL, "max-age=60, must-revalidate")], Json(keys))
}
