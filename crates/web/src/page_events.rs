//! How a page lives: it comes and goes, freezes and thaws, loses the network and finds it again.

use std::rc::Rc;

use supertokens_session::SessionError;

use crate::{listener::Listener, page::Page};

/// What happens to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageEvent {
    /// It is shown: `pageshow`.
    Shown {
        /// It comes out of the back/forward cache, as it was when it was left.
        from_cache: bool,
    },
    /// It is left: `pagehide`.
    Left {
        /// It goes into the back/forward cache, from which it may come back.
        into_cache: bool,
    },
    /// It can be seen: `visibilitychange`.
    Visible,
    /// It can't be seen: `visibilitychange`.
    Hidden,
    /// Its window has the focus: `focus`.
    Focused,
    /// The network is back: `online`.
    Online,
    /// Its timers and tasks stand still from now on: `freeze`.
    Frozen,
    /// They go on: `resume`.
    Resumed,
}

/// Listens until it is dropped.
#[must_use = "nobody listens any more once it is dropped"]
pub struct PageEvents {
    _listeners: Vec<Listener>,
}

impl PageEvents {
    /// Calls `listener` when something happens to the current page, before the page's own listeners as a rule.
    ///
    /// # Errors
    /// [`SessionError::NotInBrowser`] where there is no page, such as on a server.
    pub fn start(listener: impl Fn(PageEvent) + 'static) -> Result<Self, SessionError> {
        let page = Page::current()?;
        let listener = Rc::new(listener);
        let on = |name: &'static str, event: fn(&web_sys::Event, &Page) -> PageEvent| {
            let (listener, page) = (listener.clone(), page.clone());
            let window = page.window().clone();
            // Events of the document pass the window too.
            Listener::new(&window, name, move |told| listener(event(&told, &page)))
        };
        let _listeners = vec![
            on("pageshow", |told, _| PageEvent::Shown { from_cache: is_persisted(told) }),
            on("pagehide", |told, _| PageEvent::Left { into_cache: is_persisted(told) }),
            on(
                "visibilitychange",
                |_, page| if is_visible(page) { PageEvent::Visible } else { PageEvent::Hidden },
            ),
            on("focus", |_, _| PageEvent::Focused),
            on("online", |_, _| PageEvent::Online),
            on("freeze", |_, _| PageEvent::Frozen),
            on("resume", |_, _| PageEvent::Resumed),
        ];
        Ok(Self { _listeners })
    }
}

impl std::fmt::Debug for PageEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageEvents")
    }
}

/// Whether the current page can be seen; false where there is none.
pub fn page_is_visible() -> bool {
    Page::current().is_ok_and(|page| is_visible(&page))
}

/// A random number from 0 up to 1, to spread what tabs do; not for secrets. 0 where there is no browser.
pub fn random_jitter() -> f64 {
    if cfg!(target_arch = "wasm32") { js_sys::Math::random() } else { 0.0 }
}

fn is_visible(page: &Page) -> bool {
    !page.document().hidden()
}

fn is_persisted(event: &web_sys::Event) -> bool {
    js_sys::Reflect::get(event, &"persisted".into()).is_ok_and(|persisted| persisted.is_truthy())
}
