//! `document.cookie`, and the attributes that our cookies get on this page.

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

// As web-sys has it, without a copy of the text.
#[wasm_bindgen]
extern "C" {
    type Jar;

    #[wasm_bindgen(method, getter, catch)]
    fn cookie(this: &Jar) -> Result<JsString, JsValue>;
}

pub(crate) struct Cookies {
    page: Page,
    own: CookieAttributes,
}

impl Cookies {
    pub(crate) fn new(page: &Page, config: &SessionConfig) -> Self {
        let host = page.host();
        let domain = config.session_token_frontend_domain();
        if let Some(domain) = domain.filter(|domain| !domain.contains(&host)) {
            warn_of_setup(format_args!(
                "session_token_frontend_domain is {}, but the page is on {host}: the browser will refuse its cookies",
                domain.as_str()
            ));
        }
        let own = CookieAttributes {
            domain: domain.filter(|domain| needs_attribute(domain, &host)).cloned(),
            cross_site: config.is_in_iframe().unwrap_or_else(|| page.is_framed()),
        };
        Self { page: page.clone(), own }
    }

    /// Whether pages of other hosts share them.
    pub(crate) fn are_shared(&self) -> bool {
        self.own.domain.is_some()
    }

    /// The text of all cookies; none where the browser refuses to show any.
    pub(crate) fn read(&self) -> Option<JsString> {
        self.page.document().unchecked_ref::<Jar>().cookie().ok()
    }

    /// Sets or removes a cookie. Whether that worked shows only when it is read.
    pub(crate) fn write(&self, name: &str, value: Option<&str>, seconds: Option<i64>) {
        match (value, seconds) {
            (Some(value), None) => self.assign(&cookie::set(name, value, &self.own)),
            (Some(value), Some(seconds)) => self.assign(&cookie::set_for(name, value, seconds, &self.own)),
            (None, _) => self.remove(name, self.own.domain.clone()),
        }
    }

    /// Removes a cookie under whatever domain an older setting, or another app of the site, may have put it.
    pub(crate) fn sweep(&self, name: &str) {
        self.remove(name, None);
        // Over http WebKit does nothing for the attributes of a frame, not even remove what the site's own page has set.
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
        self.assign(&cookie::remove(name, &CookieAttributes { domain, ..self.own.clone() }));
    }

    fn assign(&self, text: &str) {
        // A sandboxed page throws here; it reads as a cookie that was not stored.
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
    fn leaves_the_domain_out_where_it_is_the_host() {
        let domain = |text| Domain::parse(text).ok();
        let needs = |text, host| domain(text).is_some_and(|domain| needs_attribute(&domain, host));
        assert!(needs("example.com", "app.example.com"));
        assert!(!needs("app.example.com", "app.example.com"));
        assert!(!needs("localhost", "localhost"));
    }
}
