//! The Passwordless recipe: a sign-in with a code or a link from a mail.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::form::email_error;
use super::password_reset::has_method;
use super::start::start_session;
use crate::error::{ApiError, Body, Query};
use crate::factors::Factor;
use crate::mails::Mail;
use crate::origins;
use crate::passwordless::{MAX_ATTEMPTS, NewCode, Outcome, Proof};
use crate::state::App;
use crate::tenants::{RecipeRoutes, Tenant};
use crate::users::Method;

const ONE_PROOF: &str = "Please provide one of (linkCode) or (deviceId+userInputCode) and not both";

/// The routes of the recipe.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/signinup/code", post(create))
        .recipe("/signinup/code/resend", post(resend))
        .recipe("/signinup/code/consume", post(consume))
        .recipe("/passwordless/email/exists", get(email_exists))
        .with_state(app)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    email: Option<String>,
    phone_number: Option<String>,
}

async fn create(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(contact): Body<Contact>,
) -> Result<Response, ApiError> {
    let email = match (contact.email, contact.phone_number) {
        (Some(email), None) => email.trim().to_owned(),
        (None, Some(_)) => {
            let message = "Please provide an email since you have set the contactMethod to \"EMAIL\"";
            return Err(ApiError::bad_request(message));
        }
        _ => return Err(ApiError::bad_request("Please provide exactly one of email or phoneNumber")),
    };
    if email_error(&email).is_some() {
        return Ok(Json(json!({ "status": "GENERAL_ERROR", "message": "Email is invalid" })).into_response());
    }
    if !tenant.allows(Factor::OtpEmail) {
        return Ok(app.transfer().refuse(ApiError::SessionEnded));
    }
    let (keys, code) = app.state.devices.create(tenant, &email)?;
    send(&app, tenant, &headers, &keys.pre_auth_session_id, code);
    let body = json!({
        "status": "OK",
        "deviceId": keys.device_id,
        "preAuthSessionId": keys.pre_auth_session_id,
        "flowType": "USER_INPUT_CODE_AND_MAGIC_LINK",
    });
    Ok(Json(body).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    pre_auth_session_id: Option<String>,
    device_id: Option<String>,
}

async fn resend(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(Started { pre_auth_session_id, device_id }): Body<Started>,
) -> Result<Json<Value>, ApiError> {
    let id = pre_auth_session_id.ok_or_else(|| ApiError::bad_request("Please provide preAuthSessionId"))?;
    let device_id = device_id.ok_or_else(|| ApiError::bad_request("Please provide a deviceId"))?;
    let Some(code) = app.state.devices.create_again(tenant, &id, &device_id)? else {
        return Ok(Json(json!({ "status": "RESTART_FLOW_ERROR" })));
    };
    send(&app, tenant, &headers, &id, code);
    Ok(Json(json!({ "status": "OK" })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consumption {
    pre_auth_session_id: Option<String>,
    device_id: Option<String>,
    user_input_code: Option<String>,
    link_code: Option<String>,
}

async fn consume(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(body): Body<Consumption>,
) -> Result<Response, ApiError> {
    let id =
        body.pre_auth_session_id.ok_or_else(|| ApiError::bad_request("Please provide preAuthSessionId"))?;
    let (proof, factor) = match (&body.device_id, &body.user_input_code, &body.link_code) {
        (Some(device_id), Some(code), None) => (Proof::UserInput { device_id, code }, Factor::OtpEmail),
        (None, None, Some(code)) => (Proof::Link(code), Factor::LinkEmail),
        (Some(_), None, None) | (None, Some(_), None) => {
            return Err(ApiError::bad_request("Please provide both deviceId and userInputCode"));
        }
        _ => return Err(ApiError::bad_request(ONE_PROOF)),
    };
    match app.state.devices.consume(tenant, &id, &proof) {
        Outcome::Email(email) => {
            let limit = app.options.max_users;
            let (user, is_new) = app.state.users.sign_in_up(tenant, &email, Method::Passwordless, limit)?;
            start_session(&app, &headers, &user, factor, Some(is_new))
        }
        Outcome::Incorrect(failed) => Ok(wrong_code("INCORRECT_USER_INPUT_CODE_ERROR", failed)),
        Outcome::Expired(failed) => Ok(wrong_code("EXPIRED_USER_INPUT_CODE_ERROR", failed)),
        Outcome::Restart => Ok(Json(json!({ "status": "RESTART_FLOW_ERROR" })).into_response()),
    }
}

async fn email_exists(State(app): State<App>, tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    has_method(&app, tenant, &query, "passwordless")
}

fn send(app: &App, tenant: Tenant, headers: &HeaderMap, pre_auth_session_id: &str, code: NewCode) {
    let website = origins::website(&app.options, headers);
    let query = format!("preAuthSessionId={pre_auth_session_id}&tenantId={}", tenant.id());
    let link = format!("{website}/login/link?{query}#{}", code.link);
    app.state.mails.send(Mail {
        to: code.email,
        subject: "Sign in to the example app",
        text: format!("Enter the code {}, or open this link within 15 minutes:\n{link}", code.user_input),
        link: Some(link),
        code: Some(code.user_input),
    });
}

fn wrong_code(status: &str, failed: u32) -> Response {
    let body = json!({
        "status": status,
        "failedCodeInputAttemptCount": failed,
        "maximumCodeInputAttempts": MAX_ATTEMPTS,
    });
    Json(body).into_response()
}
