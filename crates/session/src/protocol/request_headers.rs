//! The session headers of a request.

use crate::{
    config::{SessionConfig, TokenTransferMethod},
    platform::{Credentials, Method, StoredSession, TransportRequest},
    wire::{headers::Headers, names},
};

/// Adds the session to an API request.
pub fn add_session(request: &mut TransportRequest, stored: &StoredSession, config: &SessionConfig) {
    let headers = &mut request.headers;
    if headers.get(names::RID).is_none() {
        headers.put(names::RID, "anti-csrf");
    }
    headers.put(names::AUTH_MODE, config.token_transfer_method().as_str());
    if let Some(token) = &stored.anti_csrf {
        headers.put(names::ANTI_CSRF, token.reveal());
    }
    if let Some(token) = &stored.access
        && headers.get(names::AUTHORIZATION).is_none()
    {
        headers.put(names::AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    }
    add_credentials(request, config);
}

/// The refresh call, without its tokens.
pub fn refresh_request(config: &SessionConfig) -> TransportRequest {
    let mut headers = config.settings().refresh_headers.clone();
    headers.put(names::RID, "session");
    headers.put(names::FDI_VERSION, names::FDI_VERSIONS);
    headers.put(names::AUTH_MODE, config.token_transfer_method().as_str());
    TransportRequest {
        method: Method::Post,
        url: config.refresh_url().clone(),
        headers,
        body: Default::default(),
        // Without its cookies, a refresh could only end the session.
        credentials: Some(Credentials::Include),
    }
}

/// Adds the tokens of the refresh call. They replace headers with the same names.
pub fn add_refresh_tokens(request: &mut TransportRequest, stored: &StoredSession) {
    if let Some(token) = &stored.anti_csrf {
        request.headers.put(names::ANTI_CSRF, token.reveal());
    }
    if let Some(token) = &stored.refresh {
        request.headers.put(names::AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    }
}

/// The sign-out call, without the session's headers.
pub fn sign_out_request(config: &SessionConfig) -> TransportRequest {
    TransportRequest {
        method: Method::Post,
        url: config.sign_out_url().clone(),
        headers: Headers::new(),
        body: Default::default(),
        credentials: None,
    }
}

/// Removes an `authorization` header that a hook has set in header mode: the session's token must be sent.
pub fn make_way_for_tokens(request: &mut TransportRequest, config: &SessionConfig) {
    if config.token_transfer_method() == TokenTransferMethod::Header {
        request.headers.remove(names::AUTHORIZATION);
    }
}

/// Removes the session's own access token from a request that the caller added it to: a retry would send the old token.
pub fn forget_own_authorization(request: &mut TransportRequest, stored: &StoredSession) {
    let own = stored.access.as_ref().map(|token| format!("Bearer {}", token.reveal()));
    if own.is_some() && request.headers.get(names::AUTHORIZATION) == own.as_deref() {
        request.headers.remove(names::AUTHORIZATION);
    }
}

fn add_credentials(request: &mut TransportRequest, config: &SessionConfig) {
    if request.credentials.is_none() && config.settings().auto_add_credentials {
        request.credentials = Some(Credentials::Include);
    }
}
