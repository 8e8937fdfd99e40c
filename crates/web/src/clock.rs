use supertokens_session::platform::{Clock, LocalBoxFuture};

use crate::{page::Page, timer::sleep};

/// The device's clock: `Date.now` and `setTimeout`.
#[derive(Debug, Clone)]
pub struct BrowserClock(());

impl BrowserClock {
    /// The clock of the page.
    pub fn new(_page: &Page) -> Self {
        Self(())
    }
}

impl Clock for BrowserClock {
    fn now_ms(&self) -> i64 {
        now_ms()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        sleep(ms)
    }
}

pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
