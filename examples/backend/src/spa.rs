//! Serves a built single-page app from a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

use crate::error::ApiError;
use crate::pages::escape;

/// Paths that never belong to the app.
const RESERVED: [&str; 3] = ["/auth", "/api", "/test"];

/// Whether a path names a file. A missing file is a 404, and other paths get the page.
const ASSETS: [&str; 12] =
    ["js", "mjs", "wasm", "css", "map", "json", "png", "svg", "ico", "webp", "woff2", "txt"];

/// Allows scripts and styles of the app's own files, and requests to any API, which may be on another origin.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                   connect-src 'self' http: https: ws: wss:; img-src 'self' data:; frame-ancestors 'none'; \
                   base-uri 'none'; form-action 'self'";

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
];

/// The origins for the app, and the domain of its session. `None` means the page's own.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// The API's origin.
    pub api: Option<String>,
    /// The login page's origin.
    pub website: Option<String>,
    /// The origin of another app that uses this app's login page.
    pub return_to: Option<String>,
    /// The domain whose hosts share the session.
    pub session_domain: Option<String>,
}

impl Origins {
    /// Writes each value into its `<meta name="…" content="">` of the page.
    fn write_into(&self, mut html: String) -> String {
        let all = [
            ("api-domain", &self.api),
            ("website-domain", &self.website),
            ("return-origin", &self.return_to),
            ("session-domain", &self.session_domain),
        ];
        for (name, value) in all {
            let meta = |content: &str| format!(r#"<meta name="{name}" content="{content}">"#);
            if let Some(value) = value {
                html = html.replacen(&meta(""), &meta(&escape(value)), 1);
            }
        }
        html
    }
}

/// The page for all paths of the app.
struct Page {
    file: PathBuf,
    origins: Origins,
}

/// Serves the app in `dist`: its files, and `index.html` for every other path outside `/auth` and `/api`, with the
/// origins in it. Files are read at each request, so a rebuilt app is served at once.
pub fn spa_router(dist: PathBuf, origins: Origins) -> Router {
    let page = Arc::new(Page { file: dist.join("index.html"), origins });
    let index = get(index).with_state(page);
    let files = ServeDir::new(dist).append_index_html_on_directories(false).fallback(index.clone());
    Router::new()
        .route_service("/", index.clone())
        .route_service("/index.html", index)
        .fallback_service(files)
        .layer(from_fn(outside_reserved_paths))
}

async fn outside_reserved_paths(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_below = |prefix: &&str| {
        path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut response = match RESERVED.iter().any(is_below) {
        true => ApiError::NotFound.into_response(),
        false => next.run(request).await,
    };
    response.headers_mut().extend(HEADERS);
    response
}

async fn index(State(page): State<Arc<Page>>, request: Request) -> Response {
    let extension = Path::new(request.uri().path()).extension().and_then(|extension| extension.to_str());
    let is_page = request.uri().path() == "/index.html";
    if !is_page && extension.is_some_and(|extension| ASSETS.contains(&extension)) {
        return ApiError::NotFound.into_response();
    }
    let Ok(html) = tokio::fs::read_to_string(&page.file).await else {
        let hint = "The folder of --dist has no index.html. Build the app first.\n";
        return (StatusCode::NOT_FOUND, hint).into_response();
    };
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page.origins.write_into(html)).into_response()
}
