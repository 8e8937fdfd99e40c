//! What a wrong set-up looks like from here: the error that says what to fix, and a warning that developers see.

use super::{SessionClient, refresh::Refreshed, save::SessionUpdate};
use crate::{
    config::SessionConfig,
    error::{ErrorBody, SessionError},
    platform::{TransportRequest, TransportResponse},
    protocol::{response_headers::SessionHeaders, sign_in_response},
    setup_warning::warn_of_setup,
    transitions::AfterRefresh,
};

/// How long an error waits for its body: requests wait for the error.
const BODY_MS: u32 = 1_000;

/// Why an answer to the refresh call neither refreshes the session nor ends it, where it does neither.
pub(super) fn refresh_failure(
    decision: AfterRefresh,
    response: &dyn TransportResponse,
    incoming: &SessionHeaders,
    config: &SessionConfig,
) -> Option<SessionError> {
    let error = match (decision, incoming.unreadable, response.status()) {
        (AfterRefresh::EndSession | AfterRefresh::CallAgain, ..) => return None,
        (AfterRefresh::Save | AfterRefresh::NoFrontToken, Some(unreadable), _) => unreadable.into(),
        (AfterRefresh::Save, None, _) => return None,
        (AfterRefresh::NoFrontToken, None, _) if is_page(response) => SessionError::RefreshAnsweredWithPage,
        (AfterRefresh::NoFrontToken, None, _) => SessionError::RefreshWithoutFrontToken,
        // A server of files answers 405 to any `POST`.
        (AfterRefresh::Failed, _, status @ (404 | 405)) => SessionError::RefreshNotFound { status },
        (AfterRefresh::Failed, _, status) => SessionError::RefreshFailed { status, body: None },
    };
    let url = config.refresh_url();
    match error {
        // The backend's trouble, not the set-up's.
        SessionError::RefreshFailed { .. } => log::warn!("{url}: {error}"),
        // What can't be read was warned about when it was read.
        _ if incoming.unreadable.is_some() => log::warn!("{url}: {error}"),
        _ => warn_of_setup(format_args!("{url}: {error}")),
    }
    Some(error)
}

/// A redirect led the refresh call off the API.
pub(super) fn refresh_redirected(config: &SessionConfig) -> SessionError {
    let error = SessionError::RefreshRedirected;
    warn_of_setup(format_args!("{}: {error}", config.refresh_url()));
    error
}

/// Adds the response's body to a refresh that failed. Not for places where a lock is held: it waits for the body.
pub(super) async fn add_body(
    outcome: &mut Result<Refreshed, SessionError>,
    response: Option<&dyn TransportResponse>,
    client: &SessionClient,
) {
    let (Err(SessionError::RefreshFailed { body, .. }), Some(response)) = (outcome, response) else { return };
    if let Ok(Ok(bytes)) = client.within(BODY_MS, response.peek()).await {
        *body = ErrorBody::new(&bytes);
    }
}

/// The answer to an app's request brought tokens of a session, but no front token.
pub(super) fn answer_without_front_token(
    update: SessionUpdate,
    request: &TransportRequest,
) -> Option<SessionError> {
    (update == SessionUpdate::WithoutFrontToken).then(|| {
        let error = SessionError::AnswerWithoutFrontToken;
        // The path may name people.
        warn_of_setup(format_args!("{}: {error}", request.url.origin()));
        error
    })
}

/// The API answers a valid session with the session-expired status. Each retry costs a refresh, so it is worth a line.
pub(super) fn too_many_retries(
    attempts: u32,
    status: u16,
    request: &TransportRequest,
    config: &SessionConfig,
) -> SessionError {
    warn_of_setup(format_args!(
        "{}: the API answered {status} to {} attempts, with a refresh before each retry, and \
         `max_retry_attempts_for_session_refresh` is {}: let the API use another status for refusals of its own",
        request.url.without_query(),
        attempts.saturating_add(1),
        config.max_retry_attempts_for_session_refresh()
    ));
    SessionError::TooManyRetries { attempts }
}

/// In cookie mode script sees no token but the front token, so a sign-in that works but lost it says nothing at all.
/// Some backends sign users in without a session on purpose, so it is no error.
pub(super) fn sign_in_without_front_token(
    client: &SessionClient,
    request: &TransportRequest,
    response: &dyn TransportResponse,
) {
    if response.status() != 200 || !sign_in_response::is_sign_in(request, client.config()) {
        return;
    }
    let url = request.url.without_query();
    if is_page(response) {
        return warn_of_setup(format_args!(
            "{url}: a web page answered in the sign-in API's place: let `api_domain` and `api_base_path` lead to the \
             backend, and the web server or proxy hand that path on to it"
        ));
    }
    client.read_later(response, move |_, body| {
        if sign_in_response::has_signed_in(body) {
            warn_of_setup(format_args!(
                "{url}: the API signed a user in, but script sees no `front-token` header in the answer, so no user \
                 counts as signed in here: unless that is meant so, let the API send \
                 `access-control-expose-headers: front-token`, and check that no proxy strips headers"
            ));
        }
    });
}

fn is_page(response: &dyn TransportResponse) -> bool {
    let kind = response.header("content-type").unwrap_or_default();
    kind.trim_start().get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"))
}
