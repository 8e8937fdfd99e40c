//! The page's URL, and values that survive a reload.

#[cfg(target_arch = "wasm32")]
mod browser;
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod no_browser;

use std::borrow::Cow;

#[cfg(target_arch = "wasm32")]
use browser as platform;
#[cfg(not(target_arch = "wasm32"))]
use no_browser as platform;
use supertokens_session::SessionClient;

/// Where a value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Area {
    /// For all tabs: localStorage.
    AllTabs,
    /// For this tab: sessionStorage.
    ThisTab,
}

/// A stored value; none without a page.
pub(crate) fn load(client: &SessionClient, area: Area, name: &str) -> Option<String> {
    client.platform()?;
    // Memory has only what the storage refused, where an older value may be left.
    memory::load(area, name).or_else(|| platform::load(area, name))
}

/// Stores a value, or removes it. If the browser refuses, the value lasts until the page is left. Without a page it
/// does nothing.
pub(crate) fn store(client: &SessionClient, area: Area, name: &str, value: Option<&str>) {
    if client.platform().is_none() {
        return;
    }
    let is_stored = platform::store(area, name, value);
    memory::store(area, name, value.filter(|_| !is_stored));
}

/// Loads another page.
pub(crate) fn navigate(url: &str) {
    platform::navigate(url);
}

/// A parameter of the page's query; none outside a browser.
pub(crate) fn query_parameter(name: &str) -> Option<String> {
    parameter(&platform::query(), name)
}

/// What a login page needs of its query again, with a leading `?`; empty if there is nothing.
pub(crate) fn login_page_query() -> String {
    login_parameters(&platform::query())
}

/// The rest of the query may contain a token.
fn login_parameters(query: &str) -> String {
    const NAMES: [&str; 3] = ["redirectToPath", "tenantId", "loginChallenge"];
    let pairs = query.strip_prefix('?').unwrap_or(query).split('&');
    let pairs: Vec<_> =
        pairs.filter(|pair| NAMES.iter().any(|name| pair.split('=').next() == Some(*name))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// All parameters of the page's query.
pub(crate) fn query_parameters() -> Vec<(String, String)> {
    pairs(&platform::query())
}

/// The page's fragment, without `#`.
pub(crate) fn fragment() -> String {
    let fragment = platform::fragment();
    fragment.strip_prefix('#').unwrap_or(&fragment).to_owned()
}

/// The decoded pairs of a query, with or without its leading `?`.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (owned(name), owned(value))).collect()
}

/// A parameter with a value.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    pairs(query)
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

fn owned(text: Cow<'_, str>) -> String {
    text.into_owned()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::login_parameters;

    #[test]
    fn a_login_page_needs_only_some_parameters_again() {
        let query = "?token=t&redirectToPath=%2Fa%3Fb%3D1&x=redirectToPath&tenantId=acme&loginChallenge=c";
        assert_eq!(login_parameters(query), "?redirectToPath=%2Fa%3Fb%3D1&tenantId=acme&loginChallenge=c");
        assert_eq!(login_parameters("?token=t"), "");
        assert_eq!(login_parameters(""), "");
    }
}
