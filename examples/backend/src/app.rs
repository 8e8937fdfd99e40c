//! The whole API as one router.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::sync::watch;

use crate::error::ApiError;
use crate::options::Options;
use crate::routes;
use crate::session::guard::require_session;
use crate::spa::{Origins, spa_router};
use crate::state::{App, SharedState};
use crate::{cors, pages, switches};

const BODY_LIMIT: usize = 64 * 1024;

/// The API without a port, and the app where [`Options::dist`] is set. [`spawn`](crate::spawn) also creates the
/// demo users and keeps live connections open, but this does not.
pub fn router(options: Options, state: SharedState) -> Router {
    router_while(options, state, watch::channel(()).1)
}

/// Like [`router`], but live connections end when `open` closes.
pub(crate) fn router_while(options: Options, state: SharedState, open: watch::Receiver<()>) -> Router {
    let cors = cors::layer(&options.allowed_origins);
    let spa = options
        .dist
        .clone()
        .map(|dist| spa_router(dist, Origins { api: options.api.clone(), ..Origins::default() }));
    let test_controls = options.test_controls;
    let private = options.private_routes.clone();
    let app = App { options: Arc::new(options), state };

    let mut router = Router::new()
        .merge(routes::auth::router(app.clone()))
        .merge(routes::password_reset::router(app.clone()))
        .merge(routes::passwordless::router(app.clone()))
        .merge(routes::third_party::router(app.clone()))
        .merge(routes::factors::router(app.clone()))
        .merge(routes::totp::router(app.clone()))
        .merge(routes::tenants::router(app.clone()))
        .merge(routes::email::router(app.clone()))
        .merge(routes::claims::router(app.clone()))
        .merge(routes::api::router(app.clone()))
        .merge(routes::demo::router(app.clone()))
        .merge(routes::demo_provider::router(app.clone()))
        .merge(pages::router(app.clone()))
        .merge(routes::live::router(app.clone(), open))
        .fallback(async || ApiError::NotFound);
    // A layer on a router without routes panics.
    if private.has_routes() {
        router = router.merge(private.route_layer(from_fn_with_state(app.clone(), require_session)));
    }
    if let Some(spa) = spa {
        router = router.fallback_service(spa);
    }
    if test_controls {
        router = router.layer(from_fn_with_state(app.clone(), switches::interfere));
    }
    router = router.layer(cors).layer(from_fn_with_state(app.clone(), cors::name_headers));
    if test_controls {
        // Outside the CORS layer, so that tests see preflights and can drop CORS headers.
        router =
            router.layer(from_fn_with_state(app.clone(), switches::observe)).merge(routes::test::router(app));
    }
    router.layer(DefaultBodyLimit::max(BODY_LIMIT))
}
