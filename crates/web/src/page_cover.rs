use crate::{browser, page::Page};

/// Hides the whole page until it is dropped. The page keeps its inputs, its focus and its scroll position.
#[must_use = "the page is visible again when this is dropped"]
#[derive(Debug)]
pub struct PageCover(());

impl PageCover {
    /// Hides the page. `None` if there is no page.
    pub fn draw() -> Option<Self> {
        Page::current().ok()?;
        browser::cover(1).then_some(Self(()))
    }
}

impl Drop for PageCover {
    fn drop(&mut self) {
        browser::cover(-1);
    }
}
