//! The password reset of the EmailPassword recipe.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::form::Form;
use crate::error::{ApiError, Body, Query};
use crate::mails::Mail;
use crate::state::App;
use crate::tenants::{RecipeRoutes, Tenant};
use crate::{origins, random};

/// The routes of users who forgot their password.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/user/password/reset/token", post(send_link))
        .recipe("/user/password/reset", post(reset))
        .recipe("/emailpassword/email/exists", get(email_exists))
        .with_state(app)
}

/// A token of a mail, until it is used.
pub(crate) struct PasswordReset {
    user_id: String,
}

/// The key of a token, which is valid in its tenant only.
fn key(tenant: Tenant, token: &str) -> String {
    format!("{}/{token}", tenant.id())
}

/// The response does not say whether the user exists.
async fn send_link(
    State(app): State<App>,
    tenant: Tenant,
    headers: HeaderMap,
    Body(form): Body<Form>,
) -> Result<Json<Value>, ApiError> {
    let email = match form.email()? {
        Ok(email) => email,
        Err(errors) => return Ok(Json(errors.to_json())),
    };
    if let Some(user) = app.state.users.with_email(tenant, &email) {
        let token = random::token()?;
        let website = origins::website(&app.options, &headers);
        let link = format!("{website}/login/reset-password?token={token}&tenantId={}", tenant.id());
        app.state.password_resets.insert(key(tenant, &token), PasswordReset { user_id: user.id });
        app.state.mails.send(Mail {
            to: user.email,
            subject: "Reset your password",
            text: format!("Open this link within one hour to choose a new password:\n{link}"),
            link: Some(link),
            code: None,
        });
    }
    Ok(Json(json!({ "status": "OK" })))
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(flatten)]
    form: Form,
    token: Option<String>,
}

/// A weak password does not use the token up.
async fn reset(
    State(app): State<App>,
    tenant: Tenant,
    Body(NewPassword { form, token }): Body<NewPassword>,
) -> Result<Json<Value>, ApiError> {
    let password = match form.new_password()? {
        Ok(password) => password,
        Err(errors) => return Ok(Json(errors.to_json())),
    };
    let token = token.ok_or_else(|| ApiError::bad_request("Please provide the password reset token"))?;
    let status = match app.state.password_resets.take(&key(tenant, &token)) {
        Some(reset) if app.state.users.set_password(&reset.user_id, password).await? => {
            // The other links of this user must not change the password again.
            app.state.password_resets.remove(|other| other.user_id == reset.user_id);
            "OK"
        }
        _ => "RESET_PASSWORD_INVALID_TOKEN_ERROR",
    };
    Ok(Json(json!({ "status": status })))
}

async fn email_exists(State(app): State<App>, tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    has_method(&app, tenant, &query, "emailpassword")
}

/// Whether a user with the query's e-mail has a login method of this recipe.
pub(super) fn has_method(
    app: &App,
    tenant: Tenant,
    query: &Query,
    recipe: &str,
) -> Result<Json<Value>, ApiError> {
    let email = query.need("email", "Please provide the email as a GET param")?;
    let user = app.state.users.with_email(tenant, email.trim());
    let exists = user.is_some_and(|user| user.has_method(recipe));
    Ok(Json(json!({ "status": "OK", "exists": exists })))
}
