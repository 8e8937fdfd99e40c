//! Recognises an incorrect setup: returns an error that says what to fix, and warns developers.

use super::{Client, refresh::Refreshed, save::SessionUpdate};
use crate::{
    config::{SessionConfig, TokenTransferMethod},
    error::{ErrorBody, SessionError},
    platform::{TransportRequest, TransportResponse},
    protocol::{response_headers::SessionHeaders, sign_in_response},
    setup_warning::warn_of_setup,
    transitions::AfterRefresh,
};

/// An access token with a payload of this size has almost 4096 bytes: in base64, with a header and a signature.
const LARGE_PAYLOAD: usize = 2_700;

/// How long an error waits for its body. Requests wait for the error.
const BODY_MS: u32 = 1_000;

/// The error of a refresh call that neither refreshed nor ended the session.
pub(super) fn refresh_failure(
    decision: AfterRefresh,
    response: &dyn TransportResponse,
    headers: &SessionHeaders,
    config: &SessionConfig,
) -> Option<SessionError> {
    let error = match (decision, headers.unreadable, response.status()) {
        (AfterRefresh::EndSession | AfterRefresh::CallAgain, ..) => return None,
        (AfterRefresh::Save | AfterRefresh::NoFrontToken, Some(unreadable), _) => unreadable.into(),
        (AfterRefresh::Save, None, _) => return None,
        (AfterRefresh::NoFrontToken, None, _) if is_page(response) => SessionError::RefreshReturnedPage,
        (AfterRefresh::NoFrontToken, None, _) => SessionError::RefreshWithoutFrontToken,
        // A static file server returns 405 for any `POST`.
        (AfterRefresh::Failed, _, status @ (404 | 405)) => SessionError::RefreshNotFound { status },
        (AfterRefresh::Failed, _, status) => SessionError::RefreshFailed { status, body: None },
    };
    let url = config.refresh_url();
    match error {
        // A fault of the backend, not of the setup.
        SessionError::RefreshFailed { .. } => log::warn!("{url}: {error}"),
        // The header reader has already warned about an unreadable token.
        _ if headers.unreadable.is_some() => log::warn!("{url}: {error}"),
        _ => warn_of_setup(format_args!("{url}: {error}")),
    }
    Some(error)
}

/// The error of a refresh call that was redirected to another origin.
pub(super) fn refresh_redirected(config: &SessionConfig) -> SessionError {
    let error = SessionError::RefreshRedirected;
    warn_of_setup(format_args!("{}: {error}", config.refresh_url()));
    error
}

/// Adds the response's body to a failed refresh. Don't call it with a lock: it waits for the body.
pub(super) async fn add_body(
    outcome: &mut Result<Refreshed, SessionError>,
    response: Option<&dyn TransportResponse>,
    client: &Client,
) {
    let (Err(SessionError::RefreshFailed { body, .. }), Some(response)) = (outcome, response) else { return };
    if let Ok(Ok(bytes)) = client.within(BODY_MS, response.peek()).await {
        *body = ErrorBody::new(&bytes);
    }
}

/// The error of an app's request whose response has tokens but no front token.
pub(super) fn response_without_front_token(
    update: SessionUpdate,
    request: &TransportRequest,
) -> Option<SessionError> {
    (update == SessionUpdate::WithoutFrontToken).then(|| {
        let error = SessionError::ResponseWithoutFrontToken;
        // The path may contain personal data.
        warn_of_setup(format_args!("{}: {error}", request.url.origin()));
        error
    })
}

/// The API returns the session-expired status for a valid session. Each retry costs a refresh, so this warns.
pub(super) fn too_many_retries(
    attempts: u32,
    status: u16,
    request: &TransportRequest,
    client: &Client,
) -> SessionError {
    let advice = match too_large_payload(client) {
        Some(size) => format!(
            "the access token's payload has about {size} bytes, and browsers refuse a cookie over 4096 bytes, so make it \
             smaller"
        ),
        None => "use another status for other errors".to_owned(),
    };
    warn_of_setup(format_args!(
        "{}: the API returned {status} to {} attempts, with a refresh before each retry \
         (`max_retry_attempts_for_session_refresh` is {}): {advice}",
        request.url.without_query(),
        attempts.saturating_add(1),
        client.config().settings().max_retries
    ));
    SessionError::TooManyRetries { attempts }
}

/// The payload's size in bytes, if the access token is probably too large for a cookie. Script can't see that cookie, but
/// the front token has the same payload.
fn too_large_payload(client: &Client) -> Option<usize> {
    if client.config().token_transfer_method() != TokenTransferMethod::Cookie {
        return None;
    }
    let front = client.read_now().ok()?.stored.front?;
    let size = front.reveal().len() / 4 * 3;
    (size > LARGE_PAYLOAD).then_some(size)
}

/// In cookie mode script sees only the front token, so without it a successful sign-in looks like no sign-in. It is not
/// an error: some backends sign users in without a session on purpose.
pub(super) fn sign_in_without_front_token(
    client: &Client,
    request: &TransportRequest,
    response: &dyn TransportResponse,
) {
    if response.status() != 200 || !sign_in_response::is_sign_in(request, client.config()) {
        return;
    }
    let url = request.url.without_query().to_owned();
    if is_page(response) {
        return warn_of_setup(format_args!(
            "{url}: the sign-in API returned a web page: check `api_domain` and `api_base_path`, and the proxy"
        ));
    }
    client.read_later(response, move |_, body| {
        if sign_in_response::has_signed_in(body) {
            warn_of_setup(format_args!(
                "{url}: the API signed a user in, but script sees no `front-token` header, so no user is signed in \
                 here: unless that is intended, let the API send `access-control-expose-headers: front-token`, \
                 and check the proxy"
            ));
        }
    });
}

fn is_page(response: &dyn TransportResponse) -> bool {
    let kind = response.header("content-type").unwrap_or_default();
    kind.trim_start().get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"))
}
