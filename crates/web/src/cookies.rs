//! `document.cookie`, and the attributes of the session's cookies on this page.

use supertokens_session::{
    SessionConfig, warn_of_setup,
    wire::{
        api_scope::Domain,
        cookie::{self, CookieAttributes},
    },
};

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::page::Page;

// The getter of web-sys copies the string.
#[wasm_bindgen]
extern "C" {
    type CookieDocument;

    #[wasm_bindgen(method, getter, catch)]
    fn cookie(this: &CookieDocument) -> Result<JsString, JsValue>;
}

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

    /// The text of all cookies. `None` if the browser blocks them.
    pub(crate) fn read(&self) -> Option<JsString> {
        self.page.document().unchecked_ref::<CookieDocument>().cookie().ok()
    }

    /// Sets or removes a cookie. Only a read shows whether the browser accepted it.
    pub(crate) fn write(&self, name: &str, value: Option<&str>, seconds: Option<i64>) {
        match (value, seconds) {
            (Some(value), None) => self.assign(&cookie::set(name, value, &self.attributes)),
            (Some(value), Some(seconds)) => {
                self.assign(&cookie::set_for(name, value, seconds, &self.attributes))
            }
            (None, _) => self.remove(name, self.attributes.domain.clone()),
        }
    }

    /// Removes a cookie under every domain that an older setting, or another app of the site, may have used.
    pub(crate) fn remove_from_all_domains(&self, name: &str) {
        self.remove(name, None);
        // Over http WebKit ignores a cookie with the attributes of a frame, also when it removes one.
        self.assign(&cookie::remove(name, &CookieAttributes { domain: None, cross_site: false }));
        let host = self.page.host();
        let mut rest = Some(host.as_str());
        while let Some(domain) = rest {
            if let Ok(domain) = Domain::parse(domain) {
                self.remove(name, Some(domain));
            }
            rest = domain.split_once('.').map(|(_, parent)| parent);
        }
    }

    fn remove(&self, name: &str, domain: Option<Domain>) {
        self.assign(&cookie::remove(name, &CookieAttributes { domain, ..self.attributes.clone() }));
    }

    fn assign(&self, text: &str) {
        // A sandboxed page throws here. The next read shows that the cookie was not stored.
        let _ = self.page.document().set_cookie(text);
    }
}

fn needs_attribute(domain: &Domain, host: &str) -> bool {
    domain.as_str() != "localhost" && domain.as_str() != host
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_domain_equal_to_the_host_is_left_out() {
        let domain = |text| Domain::parse(text).ok();
        let needs = |text, host| domain(text).is_some_and(|domain| needs_attribute(&domain, host));
        assert!(needs("example.com", "app.example.com"));
        assert!(!needs("app.example.com", "app.example.com"));
        assert!(!needs("localhost", "localhost"));
    }
}
