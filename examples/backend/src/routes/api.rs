//! `/api`: the example's own endpoints, most of them behind a session.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::claims::change_payload;
use super::email::user_of;
use crate::clock::iso_date;
use crate::error::{ApiError, Body};
use crate::orders::{Invoice, Order, Wish};
use crate::roles;
use crate::session::Session;
use crate::session::guard::{require_session, require_session_quietly};
use crate::state::App;

const LISTED_USERS: usize = 100;
const LONGEST_NICKNAME: usize = 40;

/// The routes under `/api`.
pub(crate) fn router(app: App) -> Router {
    let protected = Router::new()
        .route("/api/orders", get(orders).post(place_order))
        .route("/api/invoices", get(invoices))
        .route("/api/admin/users", get(users))
        .route("/api/profile", post(change_profile))
        .route("/api/me", get(me))
        .route_layer(from_fn_with_state(app.clone(), require_session));
    // The demo's buttons call these. The frontend notices the effect at its next request.
    let quiet = Router::new()
        .route("/api/session/expire", post(expire))
        .route("/api/session/revoke", post(revoke))
        .route_layer(from_fn_with_state(app.clone(), require_session_quietly));
    Router::new()
        .route("/api/public", get(public))
        .route("/api/always-401", any(always_401))
        .merge(protected)
        .merge(quiet)
        .with_state(app)
}

async fn public() -> Json<Value> {
    Json(json!({ "message": "Anyone may read this." }))
}

/// A 401 of the app itself, which a refresh does not change.
async fn always_401() -> (StatusCode, Json<Value>) {
    (StatusCode::UNAUTHORIZED, Json(json!({ "message": "not for you" })))
}

async fn orders(State(app): State<App>, Extension(session): Extension<Session>) -> Json<Vec<Order>> {
    Json(app.state.orders.of(session.user_id()))
}

async fn place_order(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(wish): Body<Wish>,
) -> Result<(StatusCode, Json<Order>), ApiError> {
    let order = app.state.orders.place(session.user_id(), wish)?;
    Ok((StatusCode::CREATED, Json(order)))
}

/// For users with a verified e-mail.
async fn invoices(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<Json<Vec<Invoice>>, ApiError> {
    session.needs_verified_email()?;
    Ok(Json(app.state.orders.invoices(session.user_id())))
}

async fn users(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<Json<Value>, ApiError> {
    session.needs_role(roles::ADMIN)?;
    let describe = |user: crate::users::User| {
        json!({
            "id": user.id,
            "email": user.email,
            "roles": user.roles,
            "joined_at": iso_date(user.time_joined),
        })
    };
    let tenant = user_of(&app, &session)?.tenant;
    Ok(Json(app.state.users.list(tenant, LISTED_USERS).into_iter().map(describe).collect()))
}

#[derive(Deserialize)]
struct Profile {
    nickname: String,
}

async fn change_profile(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(profile): Body<Profile>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let nickname = profile.nickname.trim();
    if nickname.is_empty() || nickname.chars().count() > LONGEST_NICKNAME {
        return Err(ApiError::bad_request(format!("nickname must have 1 to {LONGEST_NICKNAME} characters")));
    }
    let headers = change_payload(&app, &session, Map::from_iter([("nickname".to_owned(), nickname.into())]))?;
    Ok((headers, Json(json!({ "nickname": nickname }))))
}

async fn me(Extension(session): Extension<Session>) -> Json<Value> {
    Json(json!({
        "user_id": session.user_id(),
        "session_handle": session.handle(),
        "access_token_expires_at": session.access.expires_at(),
        "access_token_payload": session.payload(),
    }))
}

async fn expire(State(app): State<App>, Extension(session): Extension<Session>) -> Json<Value> {
    app.state.sessions.expire(session.handle());
    Json(json!({ "status": "OK" }))
}

async fn revoke(State(app): State<App>, Extension(session): Extension<Session>) -> Json<Value> {
    app.state.sessions.revoke(session.handle());
    Json(json!({ "status": "OK" }))
}
