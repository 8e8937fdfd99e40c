use supertokens_session::{Origin, SessionError, Url};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Window};

/// The page in which the code runs. A `Page` exists only in a browser.
///
/// ```
/// use supertokens_session::SessionError;
/// use supertokens_web::Page;
///
/// // This example does not run in a browser:
/// assert_eq!(Page::current().unwrap_err(), SessionError::NotInBrowser);
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    window: Window,
    document: HtmlDocument,
}

impl Page {
    /// The current page.
    ///
    /// # Errors
    /// [`SessionError::NotInBrowser`] on a server, or in a worker, which has no document.
    pub fn current() -> Result<Self, SessionError> {
        // The imports of js-sys panic outside of wasm.
        if !cfg!(target_arch = "wasm32") {
            return Err(SessionError::NotInBrowser);
        }
        let window = web_sys::window().ok_or(SessionError::NotInBrowser)?;
        let document = window.document().ok_or(SessionError::NotInBrowser)?;
        Ok(Self { window, document: document.unchecked_into() })
    }

    /// The page's origin. `None` if it is not http(s).
    pub fn origin(&self) -> Option<Origin> {
        let origin = self.window.location().origin().ok()?;
        Some(Url::parse(&origin).ok()?.origin().clone())
    }

    /// The path of the page's URL.
    pub(crate) fn path(&self) -> Option<String> {
        self.window.location().pathname().ok()
    }

    pub(crate) fn window(&self) -> &Window {
        &self.window
    }

    pub(crate) fn document(&self) -> &HtmlDocument {
        &self.document
    }

    /// The host's name, without a port.
    pub(crate) fn host(&self) -> String {
        self.window.location().hostname().unwrap_or_default()
    }

    /// Whether the page is in a frame. It counts as framed if the browser refuses to say.
    pub(crate) fn is_framed(&self) -> bool {
        match self.window.top() {
            Ok(Some(top)) => top != self.window,
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

/// The browser refuses this kind of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocked;

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use supertokens_session::{
        FrontTokenText, SessionConfig,
        platform::{Change, Changes, Store},
    };
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::BrowserStore;

    wasm_bindgen_test_configure!(run_in_browser);

    /// A page in a frame, whose cookie writes are recorded in `window.assigned`.
    fn framed_page() -> Page {
        let window = js_sys::eval(
            "window.assigned = [];
             window.frame = document.body.appendChild(document.createElement('iframe'));
             Object.defineProperty(frame.contentDocument, 'cookie', {
                 get: () => '',
                 set: text => { assigned.push(text) },
             });
             frame.contentWindow",
        );
        let window: Window = window.unwrap().unchecked_into();
        let document = window.document().unwrap().unchecked_into();
        Page { window, document }
    }

    #[wasm_bindgen_test]
    async fn a_frame_is_detected_unless_the_setting_overrides_it() {
        assert!(!Page::current().unwrap().is_framed());
        let page = framed_page();
        assert!(page.is_framed());
        for (set, end) in [(None, "samesite=none;secure"), (Some(false), "samesite=lax")] {
            let mut settings = SessionConfig::builder("http://localhost:3001");
            if let Some(set) = set {
                settings = settings.is_in_iframe(set);
            }
            js_sys::eval("assigned = []").unwrap();
            let front = Change::Set(FrontTokenText::parse("v").unwrap());
            let store = BrowserStore::new(&page, &settings.build().unwrap());
            store.write(Changes { front, ..Changes::default() }).unwrap();
            let written = js_sys::eval("assigned[0]").unwrap().as_string().unwrap();
            assert!(written.ends_with(end), "{written}");
        }
        js_sys::eval("frame.remove(); localStorage.clear()").unwrap();
    }
}
