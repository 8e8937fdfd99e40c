//! The HTML pages of the demo: plain, without a script.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::state::App;

const STYLE_PATH: &str = "/demo-provider/style.css";
const STYLE: &str = include_str!("pages.css");
const CSP: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The route of the style sheet.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route(STYLE_PATH, get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .with_state(app)
}

/// A page. The content is HTML, and its texts are already escaped.
pub(crate) fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{STYLE_PATH}">
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"#
    );
    let headers: [(HeaderName, &str); 3] =
        [(CONTENT_SECURITY_POLICY, CSP), (REFERRER_POLICY, "same-origin"), (CACHE_CONTROL, "no-store")];
    (status, headers, Html(html)).into_response()
}

/// The text in HTML, also as the value of an attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
