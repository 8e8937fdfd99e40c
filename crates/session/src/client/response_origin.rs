//! Checks the origin of a response: a redirect may have led to another origin.

use super::Client;
use crate::{platform::TransportResponse, wire::url::Url};

impl Client {
    /// Whether the response comes from the API. After a redirect to another origin, its headers must not change the
    /// session.
    pub(super) fn is_from_api(&self, request_url: &Url, response: &dyn TransportResponse) -> bool {
        let is_api = |url: &Url| {
            url.is_same_resource(request_url) || self.0.config.is_api_url(url) || self.is_api_url(url)
        };
        let is_from_api = response.url().is_none_or(|url| Url::parse(&url).is_ok_and(|url| is_api(&url)));
        if !is_from_api {
            log::debug!("redirected to another origin: the session ignores the response");
        }
        is_from_api
    }
}
