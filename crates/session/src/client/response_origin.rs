//! Where a response came from: a redirect may have led its request off the API.

use super::SessionClient;
use crate::{platform::TransportResponse, wire::url::Url};

impl SessionClient {
    /// Whether the API answered. One that a redirect led to another origin says nothing of this session, whatever its
    /// headers.
    pub(super) fn is_from_api(&self, response: &dyn TransportResponse) -> bool {
        let is_ours = |url: &Url| self.0.config.is_ours(url) || self.should_do_interception(url);
        let is_from_api = response.url().is_none_or(|url| parse_final(&url).as_ref().is_some_and(is_ours));
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
