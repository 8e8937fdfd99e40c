//! `/api/demo`: what a user would have on a phone or in a mailbox. A real API must never have these routes, since they
//! let anybody sign in as any user.

use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use crate::error::{ApiError, Query};
use crate::mails::Mail;
use crate::session::Session;
use crate::session::guard::require_session;
use crate::state::App;

/// The routes that exist for the demo only.
pub(crate) fn router(app: App) -> Router {
    let with_session = Router::new()
        .route("/api/demo/totp", get(totp))
        .route_layer(from_fn_with_state(app.clone(), require_session));
    Router::new().route("/api/demo/mails", get(mails)).merge(with_session).with_state(app)
}

/// All mails to an address, newest first, without a session. A real API must never send them.
async fn mails(State(app): State<App>, query: Query) -> Result<Json<Vec<Mail>>, ApiError> {
    let to = query.need("to", "to must be an e-mail address")?;
    Ok(Json(app.state.mails.to(to)))
}

/// The code that the user's newest device shows, so that nobody needs a phone. A real API must never send it.
async fn totp(State(app): State<App>, Extension(session): Extension<Session>) -> Json<Value> {
    Json(json!({ "code": app.state.totp.demo_code(session.user_id()) }))
}
