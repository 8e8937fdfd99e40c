//! `/api/demo`: what a user would have on a phone or in a mailbox. A real API must never have these routes, since they
//! let anybody sign in as any user.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use crate::error::{ApiError, Query};
use crate::mails::Mail;
use crate::state::App;

/// The routes that exist for the demo only.
pub(crate) fn router(app: App) -> Router {
    Router::new().route("/api/demo/mails", get(mails)).with_state(app)
}

/// All mails to an address, newest first, without a session. A real API must never send them.
async fn mails(State(app): State<App>, query: Query) -> Result<Json<Vec<Mail>>, ApiError> {
    let to = query.need("to", "to must be an e-mail address")?;
    Ok(Json(app.state.mails.to(to)))
}
