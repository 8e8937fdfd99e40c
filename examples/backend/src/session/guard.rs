//! The session check, which runs before each private handler.

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

/// Passes on a request with a session, which the handler gets as an extension.
pub(crate) async fn require_session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let transfer = app.transfer();
    let (session, renewed) = match verify(&app, transfer, request.method(), request.headers()) {
        Ok(verified) => verified,
        Err(error) => {
            read_whole(request.into_body()).await;
            return transfer.refuse(error);
        }
    };
    request.extensions_mut().insert(session.clone());
    let mut response = next.run(request).await;
    // The headers of a handler that changed the session come first.
    if let Some(renewed) = renewed
        && !response.headers().contains_key("front-token")
    {
        session.attach(response.headers_mut(), &renewed);
    }
    response
}

/// Like the one above, for handlers whose response must not change the client's session.
pub(crate) async fn require_session_quietly(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let transfer = app.transfer();
    let (session, _) = match verify(&app, transfer, request.method(), request.headers()) {
        Ok(verified) => verified,
        Err(error) => {
            read_whole(request.into_body()).await;
            return transfer.refuse(error);
        }
    };
    request.extensions_mut().insert(session);
    next.run(request).await
}

/// Reads and drops the body of a rejected request. If the server closes the connection while a browser still sends, the
/// browser reports a network error instead of the response. Node's server reads the body too.
async fn read_whole(mut body: Body) {
    let mut drained = 0;
    while let Some(Ok(frame)) = body.frame().await
        && drained < MAX_DRAINED
    {
        drained += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// After this many bytes, the server closes the connection.
const MAX_DRAINED: usize = 100 * 1024 * 1024;

/// The session of a request, with new tokens if the request is the first after a refresh.
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

/// The anti-CSRF check of this mode. `None` if it has already failed.
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
