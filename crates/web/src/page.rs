use supertokens_session::{
    SessionError,
    wire::url::{Origin, Url},
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Window};

/// The page that the code runs in. To have one is to be in a browser.
///
/// ```
/// use supertokens_session::SessionError;
/// use supertokens_web::Page;
///
/// // Not in a browser here:
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

    /// The page's origin; none where it is not an http(s) one.
    pub fn origin(&self) -> Option<Origin> {
        let origin = self.window.location().origin().ok()?;
        Some(Url::parse(&origin).ok()?.origin().clone())
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

    /// Whether another page holds this one in a frame. A page that may not even look counts as framed.
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
