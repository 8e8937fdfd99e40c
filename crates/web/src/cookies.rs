//! `document.cookie`, and the attributes of the session's cookies on this page.

use supertokens_session::{
    SessionConfig,
    internal::{
        api_scope::Domain,
        cookie::{self, CookieAttributes},
    },
    warn_of_setup,
};

use crate::{browser, page::Page};

pub(crate) struct Cookies {
    page: Page,
    attributes: CookieAttributes,
}

impl Cookies {
    pub(crate) fn new(page: &Page, config: &SessionConfig) -> Self {
        let host = page.host();
        let domain = config.settings().frontend_domain.as_ref();
        if let Some(domain) = domain.filter(|domain| !domain.contains(&host)) {
            warn_of_setup(format_args!(
                "session_token_frontend_domain is {}, but the page is on {host}: the browser will refuse its cookies",
                domain.as_str()
            ));
        }
        let attributes = CookieAttributes {
            domain: domain.filter(|domain| needs_attribute(domain, &host)).cloned(),
            cross_site: config.settings().in_iframe.unwrap_or_else(|| page.is_framed()),
        };
        Self { page: page.clone(), attributes }
    }

    /// Whether other subdomains share the cookies.
    pub(crate) fn are_shared(&self) -> bool {
        self.attributes.domain.is_some()
    }

    /// The text that sets or removes a cookie.
    pub(crate) fn text(&self, name: &str, value: Option<&str>, seconds: Option<i64>) -> String {
        match (value, seconds) {
            (Some(value), None) => cookie::set(name, value, &self.attributes),
            (Some(value), Some(seconds)) => cookie::set_for(name, value, seconds, &self.attributes),
            (None, _) => cookie::remove(name, &self.attributes),
        }
    }

    /// The texts that remove a cookie under every domain that an older setting, or another app of the site, may have
    /// used.
    pub(crate) fn remove_from_all_domains(&self, texts: &mut Vec<String>, name: &str) {
        let mut attributes = CookieAttributes { domain: None, cross_site: false };
        // Over http WebKit ignores a cookie with the attributes of a frame, also when it removes one.
        texts.push(cookie::remove(name, &attributes));
        attributes.cross_site = self.attributes.cross_site;
        texts.push(cookie::remove(name, &attributes));
        let host = self.page.host();
        let mut rest = Some(host.as_str());
        while let Some(domain) = rest {
            attributes.domain = Domain::parse(domain).ok();
            texts.push(cookie::remove(name, &attributes));
            rest = domain.split_once('.').map(|(_, parent)| parent);
        }
    }

    /// Writes these cookies, and reads all. Only that shows whether the browser accepted them. Empty if it blocks them.
    pub(crate) fn write(&self, texts: &[String]) -> String {
        browser::write_cookies(self.page.document(), &texts.join("\n")).unwrap_or_default()
    }
}

/// A cookie without the attribute is the host's alone. As in the JavaScript SDK, a leading dot asks for the subdomains of
/// the host too. Some browsers refuse the attribute for `localhost`.
fn needs_attribute(domain: &Domain, host: &str) -> bool {
    domain.as_str() != "localhost" && (domain.has_leading_dot() || domain.as_str() != host)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn needs(text: &str, host: &str) -> bool {
        Domain::parse(text).is_ok_and(|domain| needs_attribute(&domain, host))
    }

    #[test]
    fn a_domain_equal_to_the_host_is_left_out() {
        assert!(needs("example.com", "app.example.com"));
        assert!(!needs("app.example.com", "app.example.com"));
        assert!(!needs("localhost", "localhost"));
        assert!(!needs(".localhost", "localhost"));
    }

    /// Without the attribute, `app.example.com` would not get the cookies of a page on `example.com`.
    #[test]
    fn a_domain_with_a_leading_dot_is_written_on_its_own_host_too() {
        assert!(needs(".example.com", "example.com"));
        assert!(needs(".example.com", "app.example.com"));
    }
}
