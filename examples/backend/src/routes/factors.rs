//! The MultiFactorAuth recipe, and a route that needs a second factor.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, put};
use axum::{Extension, Json, Router};
use serde_json::{Map, Value, json};

use super::claims::change_payload;
use super::email::user_of;
use crate::error::ApiError;
use crate::factors::Factor;
use crate::session::guard::require_session;
use crate::session::{Session, claims};
use crate::state::App;
use crate::tenants::RecipeRoutes;

/// The factors that a session can add to its first one.
const SECONDARY: [Factor; 4] = [Factor::EmailPassword, Factor::OtpEmail, Factor::LinkEmail, Factor::Totp];

/// The routes of the recipe and of the vault.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .recipe("/mfa/info", put(info))
        .route("/api/vault", get(vault))
        .route_layer(from_fn_with_state(app.clone(), require_session))
        .with_state(app)
}

/// Updates the claim, and says which factors the user has. No factor is required to sign in, so `next` is empty.
async fn info(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let user = user_of(&app, &session)?;
    let is_set_up = |factor: &Factor| match factor {
        Factor::EmailPassword => user.has_method("emailpassword"),
        Factor::OtpEmail | Factor::LinkEmail => user.has_method("passwordless"),
        Factor::ThirdParty => false,
        Factor::Totp => app.state.totp.has_verified(&user.id),
    };
    let ids = |factors: Vec<Factor>| factors.into_iter().map(Factor::id).collect::<Vec<_>>();
    let by_email: Map<String, Value> = SECONDARY
        .into_iter()
        .filter(|factor| *factor != Factor::Totp)
        .map(|factor| (factor.id().to_owned(), json!([user.email])))
        .collect();
    let body = json!({
        "status": "OK",
        "factors": {
            "next": [],
            "alreadySetup": ids(SECONDARY.into_iter().filter(is_set_up).collect()),
            "allowedToSetup": ids(SECONDARY.to_vec()),
        },
        "emails": by_email,
        "phoneNumbers": {},
    });
    let claim = claims::factors(&session.access.payload.custom, None);
    Ok((change_payload(&app, &session, claim)?, Json(body)))
}

/// For sessions with a one-time password.
async fn vault(Extension(session): Extension<Session>) -> Result<Json<Value>, ApiError> {
    session.needs_factor(Factor::Totp)?;
    Ok(Json(json!({ "secret": "The spare key is under the third flower pot." })))
}
