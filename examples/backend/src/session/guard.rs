//! The way in: no handler behind it runs without a session.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

use super::transfer::{Mode, Transfer};
use super::{CsrfCheck, Issued, Session};
use crate::error::ApiError;
use crate::options::AntiCsrf;
use crate::state::App;

/// Lets a request with a session pass, which the handler then finds as an extension.
pub(crate) async fn require_session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let transfer = app.transfer();
    let (session, renewed) = match verify(&app, transfer, request.method(), request.headers()) {
        Ok(verified) => verified,
        Err(error) => {
            hear_out(request.into_body()).await;
            return transfer.refuse(error);
        }
    };
    request.extensions_mut().insert(session.clone());
    let mut response = next.run(request).await;
    // A handler that changed the session itself has the last word.
    if let Some(renewed) = renewed
        && !response.headers().contains_key("front-token")
    {
        session.attach(response.headers_mut(), &renewed);
    }
    response
}

/// The same, for handlers whose answer must not tell the client anything new about its session.
pub(crate) async fn require_session_quietly(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let transfer = app.transfer();
    let (session, _) = match verify(&app, transfer, request.method(), request.headers()) {
        Ok(verified) => verified,
        Err(error) => {
            hear_out(request.into_body()).await;
            return transfer.refuse(error);
        }
    };
    request.extensions_mut().insert(session);
    next.run(request).await
}

/// Reads what a refused request brings along, and drops it. A browser that is still sending takes a connection that is
/// closed for a dead network, and shows nobody the answer; Node's server reads on as well.
async fn hear_out(mut body: Body) {
    let mut heard = 0;
    while let Some(Ok(frame)) = body.frame().await
        && heard < MOST_HEARD
    {
        heard += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// Who sends more than this may as well find the connection closed.
const MOST_HEARD: usize = 100 * 1024 * 1024;

/// The session of a request, and new tokens where it is the first after a refresh.
pub(crate) fn verify(
    app: &App,
    transfer: &'static dyn Transfer,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(Session, Option<Issued>), ApiError> {
    let (token, mode) = transfer.access_token(headers)?;
    let check = match csrf_check(app, headers, mode) {
        _ if method == Method::GET => CsrfCheck::Skip,
        check => check.ok_or(ApiError::TryRefresh)?,
    };
    let (access, renewed) = app.state.sessions.verify(token, check, &app.options)?;
    Ok((Session { access, mode, transfer }, renewed))
}

/// The anti-CSRF check that this mode asks for; `None` where it has failed already.
pub(crate) fn csrf_check<'a>(app: &App, headers: &'a HeaderMap, mode: Mode) -> Option<CsrfCheck<'a>> {
    match app.options.anti_csrf {
        _ if mode == Mode::Header => Some(CsrfCheck::Skip),
        AntiCsrf::None => Some(CsrfCheck::Skip),
        AntiCsrf::ViaCustomHeader => headers.contains_key("rid").then_some(CsrfCheck::Skip),
        AntiCsrf::ViaToken => {
            Some(CsrfCheck::Token(headers.get("anti-csrf").and_then(|value| value.to_str().ok())))
        }
    }
}
