//! `/demo-client`: another app, whose users sign in with the example app.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use url::Url;

use crate::error::{ApiError, Query};
use crate::oauth2::CLIENT_NAME;
use crate::origins;
use crate::pages::{escape, page};
use crate::state::App;

/// The routes of the client's pages.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/demo-client", get(home))
        .route("/demo-client/callback", get(callback))
        .with_state(app)
}

/// Starts a login. The parameter `website` is the origin of the example app if the API does not serve it.
async fn home(State(app): State<App>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let website = query
        .get("website")
        .and_then(|website| Url::parse(website).ok())
        .and_then(|url| origins::allowed_origin(&app.options, &headers, &url))
        .unwrap_or_else(|| origins::website(&app.options, &headers));
    let challenge = app.state.logins.start()?;
    let href = escape(&format!("{website}/login?loginChallenge={challenge}"));
    let content = format!(
        "<p>This is another app. Its users have their accounts in the example app.</p>\n<ul>\n\
         <li><a class=\"button primary\" href=\"{href}\">Sign in with the example app</a></li>\n</ul>"
    );
    Ok(page(StatusCode::OK, CLIENT_NAME, &content))
}

/// Shows which user has signed in.
async fn callback(State(app): State<App>, query: Query) -> Response {
    let (code, state) = (query.get("code").unwrap_or_default(), query.get("state").unwrap_or_default());
    let user = app.state.logins.exchange(code, state).and_then(|id| app.state.users.find(&id));
    let (status, text) = match user {
        Some(user) => {
            (StatusCode::OK, format!("You are signed in as <strong>{}</strong>.", escape(&user.email)))
        }
        None => (StatusCode::BAD_REQUEST, "This link is no longer valid.".to_owned()),
    };
    let again = "<ul>\n<li><a class=\"button\" href=\"/demo-client\">Start again</a></li>\n</ul>";
    page(status, CLIENT_NAME, &format!("<p>{text}</p>\n{again}"))
}
