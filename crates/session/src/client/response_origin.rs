//! Where a response came from: a redirect may have led its request off the API.

use super::SessionClient;
use crate::{platform::TransportResponse, wire::url::Url};

impl SessionClient {
    /// Whether the API answered. A response to which a redirect led on another origin says nothing of this session,
    /// whatever its headers.
    pub(super) fn is_from_api(&self, request_url: &Url, response: &dyn TransportResponse) -> bool {
        let is_api = |url: &Url| {
            url == request_url || self.0.config.is_api_url(url) || self.should_do_interception(url)
        };
        let is_from_api = response.url().is_none_or(|url| parse_final(&url).as_ref().is_some_and(is_api));
        if !is_from_api {
            log::debug!("a redirect led off the API: nothing of the response touches the session");
        }
        is_from_api
    }
}

/// The platform has resolved it: nothing behind the path changes where it leads, and some of it our reader refuses.
fn parse_final(url: &str) -> Option<Url> {
    Url::parse(url).or_else(|_| Url::parse(url.split(['?', '#']).next().unwrap_or_default())).ok()
}
