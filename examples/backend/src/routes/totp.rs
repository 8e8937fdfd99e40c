//! The TOTP recipe: devices that show one-time passwords.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::claims::change_payload;
use super::email::user_of;
use crate::error::{ApiError, Body};
use crate::factors::Factor;
use crate::session::guard::require_session;
use crate::session::{Session, claims};
use crate::state::App;
use crate::tenants::RecipeRoutes;
use crate::totp::{MAX_ATTEMPTS, Outcome, PERIOD};

/// The name of the API in apps for phones.
const ISSUER: &str = "Example";

/// The routes of the recipe.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/totp/device", post(create))
        .recipe("/totp/device/list", get(list))
        .recipe("/totp/device/remove", post(remove))
        .recipe("/totp/device/verify", post(verify_device))
        .recipe("/totp/verify", post(verify))
        .route_layer(from_fn_with_state(app.clone(), require_session))
        .with_state(app)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewDevice {
    device_name: Option<String>,
}

async fn create(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(body): Body<NewDevice>,
) -> Result<Json<Value>, ApiError> {
    let user = user_of(&app, &session)?;
    needs_factor_if_set_up(&app, &session)?;
    let Some(device) = app.state.totp.create(&user.id, body.device_name)? else {
        return Ok(Json(json!({ "status": "DEVICE_ALREADY_EXISTS_ERROR" })));
    };
    let email: String = form_urlencoded::byte_serialize(user.email.as_bytes()).collect();
    let secret = &device.secret;
    Ok(Json(json!({
        "status": "OK",
        "deviceName": device.name,
        "secret": secret,
        "qrCodeString": format!(
            "otpauth://totp/{ISSUER}:{email}?secret={secret}&issuer={ISSUER}&digits=6&period={PERIOD}"
        ),
    })))
}

async fn list(State(app): State<App>, Extension(session): Extension<Session>) -> Json<Value> {
    Json(json!({ "status": "OK", "devices": app.state.totp.list(session.user_id()) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    device_name: String,
}

async fn remove(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(Named { device_name }): Body<Named>,
) -> Result<Json<Value>, ApiError> {
    if app.state.totp.is_verified(session.user_id(), &device_name) {
        needs_factor_if_set_up(&app, &session)?;
    }
    let existed = app.state.totp.remove(session.user_id(), &device_name);
    Ok(Json(json!({ "status": "OK", "didDeviceExist": existed })))
}

/// Without this, a stolen password would be enough to replace the second factor.
fn needs_factor_if_set_up(app: &App, session: &Session) -> Result<(), ApiError> {
    if app.state.totp.has_verified(session.user_id()) { session.needs_factor(Factor::Totp) } else { Ok(()) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeviceCode {
    device_name: String,
    totp: String,
}

async fn verify_device(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(DeviceCode { device_name, totp }): Body<DeviceCode>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    if !app.state.totp.is_verified(session.user_id(), &device_name) {
        needs_factor_if_set_up(&app, &session)?;
    }
    let (outcome, was_verified) = app.state.totp.verify_device(session.user_id(), &device_name, &totp);
    let ok = json!({ "status": "OK", "wasAlreadyVerified": was_verified });
    respond(&app, &session, &outcome, ok, "UNKNOWN_DEVICE_ERROR")
}

#[derive(Deserialize)]
struct Code {
    totp: String,
}

async fn verify(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(Code { totp }): Body<Code>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let outcome = app.state.totp.verify(session.user_id(), &totp);
    respond(&app, &session, &outcome, json!({ "status": "OK" }), "UNKNOWN_USER_ID_ERROR")
}

/// A valid code completes the factor in the session.
fn respond(
    app: &App,
    session: &Session,
    outcome: &Outcome,
    ok: Value,
    unknown: &str,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let body = match outcome {
        Outcome::Valid => {
            let claim = claims::factors(&session.access.payload.custom, Some(Factor::Totp));
            return Ok((change_payload(app, session, claim)?, Json(ok)));
        }
        Outcome::Invalid(failed) => json!({
            "status": "INVALID_TOTP_ERROR",
            "currentNumberOfFailedAttempts": failed,
            "maxNumberOfFailedAttempts": MAX_ATTEMPTS,
        }),
        Outcome::LimitReached(ms) => json!({ "status": "LIMIT_REACHED_ERROR", "retryAfterMs": ms }),
        Outcome::UnknownDevice => json!({ "status": unknown }),
    };
    Ok((HeaderMap::new(), Json(body)))
}
