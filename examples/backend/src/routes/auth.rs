//! `/auth`: the routes of a SuperTokens backend SDK.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::form::{Credentials, FieldErrors, Form};
use super::start::start_session;
use crate::error::{ApiError, Body};
use crate::factors::Factor;
use crate::session::RefreshToken;
use crate::session::guard::{csrf_check, verify};
use crate::session::transfer::Transfer;
use crate::state::App;
use crate::tenants::{RecipeRoutes, Tenant};
use crate::users::SignUp;

/// The SDK's reason if a user without a password has the e-mail.
const SIGN_UP_NOT_ALLOWED: &str = "Cannot sign up due to security reasons. Please try logging in, use a different \
                                   login method or contact support. (ERR_CODE_007)";

/// The routes of the Session and EmailPassword recipes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/signout", post(sign_out))
        .recipe("/signup", post(sign_up))
        .recipe("/signin", post(sign_in))
        .route("/auth/session/refresh", post(refresh))
        .route("/auth/jwt/jwks.json", get(key_set))
        .with_state(app)
}

async fn sign_up(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(form): Body<Form>,
) -> Result<Response, ApiError> {
    let Credentials { email, password } = match form.check(true)? {
        Ok(credentials) => credentials,
        Err(errors) => return Ok(Json(errors.to_json()).into_response()),
    };
    match app.state.users.sign_up(tenant, &email, password, app.options.max_users).await? {
        SignUp::New(user) => start_session(&app, &headers, &user, Factor::EmailPassword, None),
        SignUp::EmailTaken => Ok(Json(FieldErrors::email_taken().to_json()).into_response()),
        SignUp::NotAllowed => {
            let refusal = json!({ "status": "SIGN_UP_NOT_ALLOWED", "reason": SIGN_UP_NOT_ALLOWED });
            Ok(Json(refusal).into_response())
        }
    }
}

async fn sign_in(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(form): Body<Form>,
) -> Result<Response, ApiError> {
    let Credentials { email, password } = match form.check(false)? {
        Ok(credentials) => credentials,
        Err(errors) => return Ok(Json(errors.to_json()).into_response()),
    };
    match app.state.users.sign_in(tenant, &email, password).await? {
        Some(user) => start_session(&app, &headers, &user, Factor::EmailPassword, None),
        None => Ok(Json(json!({ "status": "WRONG_CREDENTIALS_ERROR" })).into_response()),
    }
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
