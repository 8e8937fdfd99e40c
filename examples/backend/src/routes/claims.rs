//! Changes of the claims in a session's payload.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::email::user_of;
use crate::error::{ApiError, Body};
use crate::roles;
use crate::session::guard::require_session;
use crate::session::{Session, claims};
use crate::state::App;

/// The routes that change roles and update a session's claims.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/admin/roles", post(set_role))
        .route("/api/claims/refresh", post(fetch_again))
        .route_layer(from_fn_with_state(app.clone(), require_session))
        .with_state(app)
}

/// The response headers of a session with a changed payload.
pub(super) fn change_payload(
    app: &App,
    session: &Session,
    values: Map<String, Value>,
) -> Result<HeaderMap, ApiError> {
    let issued = app.state.sessions.merge(&session.access, values)?;
    let mut headers = HeaderMap::new();
    session.attach(&mut headers, &issued);
    Ok(headers)
}

#[derive(Deserialize)]
struct Change {
    email: String,
    role: String,
    give: bool,
}

/// For administrators of the user's tenant. The own session gets the change at once, and other sessions at their next refresh or on request.
async fn set_role(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(Change { email, role, give }): Body<Change>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    session.needs_role(roles::ADMIN)?;
    let tenant = user_of(&app, &session)?.tenant;
    let user = app.state.users.set_role(tenant, &email, &role, give)?;
    let headers = if user.id == session.user_id() {
        change_payload(&app, &session, claims::roles(&user))?
    } else {
        HeaderMap::new()
    };
    Ok((headers, Json(json!({ "status": "OK", "email": user.email, "roles": user.roles }))))
}

/// Updates the session's claims from its user.
async fn fetch_again(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let user = user_of(&app, &session)?;
    let headers = change_payload(&app, &session, claims::all(&user))?;
    Ok((headers, Json(json!({ "status": "OK" }))))
}
