//! The lifecycle events of a page.

use supertokens_session::SessionError;

use crate::{listener::Listener, page::Page};

/// A lifecycle event of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageEvent {
    /// The browser shows the page: `pageshow`.
    Shown {
        /// It comes from the back/forward cache, in its former state.
        from_cache: bool,
    },
    /// The user leaves the page: `pagehide`.
    Left {
        /// It goes into the back/forward cache, and may be shown again.
        into_cache: bool,
    },
    /// The page becomes visible: `visibilitychange`.
    Visible,
    /// The page becomes hidden: `visibilitychange`.
    Hidden,
    /// The window gets the focus: `focus`.
    Focused,
    /// The device is online again: `online`.
    Online,
    /// The browser suspends the page's timers and tasks: `freeze`.
    Frozen,
    /// The browser resumes them: `resume`.
    Resumed,
}

/// Listens to page events until it is dropped.
#[must_use = "the listeners are removed when this is dropped"]
pub struct PageEvents {
    _listener: Listener,
}

impl PageEvents {
    /// Calls `listener` for each event of the current page, usually before the app's own listeners.
    ///
    /// # Errors
    /// [`SessionError::NotInBrowser`] if there is no page, such as on a server.
    pub fn start(listener: impl Fn(PageEvent) + 'static) -> Result<Self, SessionError> {
        let page = Page::current()?;
        let names = "pageshow pagehide focus online freeze resume visibilitychange";
        let _listener = Listener::new(&page, names, move |index, is_persisted| {
            listener(match index {
                0 => PageEvent::Shown { from_cache: is_persisted },
                1 => PageEvent::Left { into_cache: is_persisted },
                2 => PageEvent::Focused,
                3 => PageEvent::Online,
                4 => PageEvent::Frozen,
                5 => PageEvent::Resumed,
                _ if page_is_visible() => PageEvent::Visible,
                _ => PageEvent::Hidden,
            });
        });
        Ok(Self { _listener })
    }
}

impl std::fmt::Debug for PageEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageEvents")
    }
}

/// Whether the current page is visible. False if there is no page.
pub fn page_is_visible() -> bool {
    Page::current().is_ok_and(|page| !page.document().hidden())
}

/// A random number from 0 up to 1, as jitter between tabs. Not for secrets. 0 outside a browser.
pub fn random_jitter() -> f64 {
    if cfg!(target_arch = "wasm32") { js_sys::Math::random() } else { 0.0 }
}
