//! Starts a session after the sign-in of any recipe.

use axum::Json;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::ApiError;
use crate::factors::Factor;
use crate::state::App;
use crate::users::User;

/// The response to a sign-in with this factor. Recipes that sign in and up say whether the login method is new.
pub(super) fn start_session(
    app: &App,
    headers: &HeaderMap,
    user: &User,
    factor: Factor,
    is_new: Option<bool>,
) -> Result<Response, ApiError> {
    let transfer = app.transfer();
    let mode = transfer.wanted_mode(headers);
    let issued = app.state.sessions.create(user, factor, mode, &app.options)?;
    let mut body = json!({ "status": "OK", "user": user.to_json() });
    if let Some(is_new) = is_new {
        body["createdNewRecipeUser"] = json!(is_new);
    }
    let mut response = Json(body).into_response();
    transfer.attach_alone(response.headers_mut(), headers, &issued, mode);
    Ok(response)
}
