//! The session headers of a request.

use super::names;
use crate::{
    config::SessionConfig,
    platform::{Credentials, Kept, Method, TransportRequest},
};

/// Adds the session to a request that goes to the API.
pub fn add_session(request: &mut TransportRequest, kept: &Kept, config: &SessionConfig) {
    let headers = &mut request.headers;
    if headers.get(names::RID).is_none() {
        headers.put(names::RID, "anti-csrf");
    }
    headers.put(names::AUTH_MODE, config.token_transfer_method().as_str());
    if let Some(token) = &kept.anti_csrf {
        headers.put(names::ANTI_CSRF, token.reveal());
    }
    if let Some(token) = &kept.access
        && headers.get(names::AUTHORIZATION).is_none()
    {
        headers.put(names::AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    }
    add_credentials(request, config);
}

/// The refresh call itself.
pub fn refresh_request(kept: &Kept, config: &SessionConfig) -> TransportRequest {
    let mut headers = config.refresh_api_custom_headers().clone();
    headers.put(names::RID, "session");
    headers.put(names::FDI_VERSION, names::FDI_VERSIONS);
    headers.put(names::AUTH_MODE, config.token_transfer_method().as_str());
    if let Some(token) = &kept.anti_csrf {
        headers.put(names::ANTI_CSRF, token.reveal());
    }
    if let Some(token) = &kept.refresh {
        headers.put(names::AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    }
    TransportRequest {
        method: Method::Post,
        url: config.refresh_url().clone(),
        headers,
        body: Default::default(),
        // Without its cookies a refresh could only end the session.
        credentials: Some(Credentials::Include),
    }
}

/// Takes the place of our own access token where the caller set it by hand: a retry would send the stale one.
pub fn forget_own_authorization(request: &mut TransportRequest, kept: &Kept) {
    let own = kept.access.as_ref().map(|token| format!("Bearer {}", token.reveal()));
    if own.is_some() && request.headers.get(names::AUTHORIZATION) == own.as_deref() {
        request.headers.remove(names::AUTHORIZATION);
    }
}

fn add_credentials(request: &mut TransportRequest, config: &SessionConfig) {
    if request.credentials.is_none() && config.auto_add_credentials() {
        request.credentials = Some(Credentials::Include);
    }
}
