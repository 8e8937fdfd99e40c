//! `/auth/user/email`: the routes of the EmailVerification recipe.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::change_payload;
use crate::error::{ApiError, Body};
use crate::mails::Mail;
use crate::session::guard::{require_session, verify};
use crate::session::{Session, claims};
use crate::state::App;
use crate::tenants::RecipeRoutes;
use crate::users::User;

const METHOD: &str = "token";

/// The routes that verify an e-mail address.
pub(crate) fn router(app: App) -> Router {
    let with_session = Router::new()
        .recipe("/user/email/verify", get(is_verified))
        .recipe("/user/email/verify/token", post(send_code))
        .route("/api/demo/mailbox", get(mailbox))
        .route_layer(from_fn_with_state(app.clone(), require_session));
    // The user may open the mail on another device without a session.
    Router::new().recipe("/user/email/verify", post(take_code)).merge(with_session).with_state(app)
}

/// Updates the claim at each request, as the SDK does: frontends send it when the claim is due.
async fn is_verified(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let user = user_of(&app, &session)?;
    let headers = change_payload(&app, &session, claims::email_verified(&user))?;
    Ok((headers, Json(json!({ "status": "OK", "isVerified": user.is_verified }))))
}

async fn send_code(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let user = user_of(&app, &session)?;
    if user.is_verified {
        let headers = change_payload(&app, &session, claims::email_verified(&user))?;
        return Ok((headers, Json(json!({ "status": "EMAIL_ALREADY_VERIFIED_ERROR" }))));
    }
    let code = app.state.verifications.create(&user.id)?;
    app.state.mails.send(Mail {
        to: user.email,
        subject: "Verify your e-mail",
        text: format!("Enter this code to verify your e-mail: {}", code.reveal()),
        link: None,
        code: Some(code.reveal().to_owned()),
    });
    Ok((HeaderMap::new(), Json(json!({ "status": "OK" }))))
}

#[derive(Deserialize)]
struct Proof {
    method: String,
    token: String,
}

async fn take_code(
    State(app): State<App>,
    headers: HeaderMap,
    Body(Proof { method, token }): Body<Proof>,
) -> Result<Response, ApiError> {
    if method != METHOD {
        return Err(ApiError::bad_request("Unsupported method for email verification"));
    }
    // The session check comes before the code is used, since a client that refreshes first retries with the same code.
    let transfer = app.transfer();
    let session = match verify(&app, transfer, &Method::POST, &headers) {
        Ok((session, _)) => Some(session),
        Err(ApiError::Unauthorised) => None,
        Err(error) => return Ok(transfer.refuse(error)),
    };
    let Some(user) = app.state.verifications.take(&token).and_then(|id| app.state.users.verify(&id)) else {
        return Ok(Json(json!({ "status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" })).into_response());
    };
    let headers = match session {
        Some(session) if session.user_id() == user.id => {
            change_payload(&app, &session, claims::email_verified(&user))?
        }
        _ => HeaderMap::new(),
    };
    Ok((headers, Json(json!({ "status": "OK" }))).into_response())
}

/// The code of the user's mail, for the demo only. A real API must never send it.
async fn mailbox(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<Json<Value>, ApiError> {
    let user = user_of(&app, &session)?;
    Ok(Json(json!({ "to": user.email, "code": app.state.verifications.code_of(&user.id) })))
}

/// The session's user.
pub(super) fn user_of(app: &App, session: &Session) -> Result<User, ApiError> {
    app.state.users.find(session.user_id()).ok_or(ApiError::Internal)
}
