use supertokens_session::{SessionError, internal::redirect::Destination};

use crate::{browser, clock::now_ms, page::Page};

/// The sessionStorage key of this tab's navigation times. A redirect loop reloads each page, so memory can't hold them.
const KEY: &str = "supertokens-led-away-at";

/// Loads another page and replaces this one in the history, so the back button skips it.
///
/// # Errors
/// [`SessionError::NotInBrowser`] if there is no page, such as on a server.
pub fn navigate_to(destination: &Destination) -> Result<(), SessionError> {
    let page = Page::current()?;
    // If the browser refuses to store the time, redirect loops go undetected.
    browser::navigations(KEY, now_ms() as f64);
    if page.window().location().replace(&destination.to_string()).is_err() {
        log::warn!("the browser refused to load another page");
    }
    Ok(())
}

/// When [`navigate_to`] ran in this tab on pages of this origin: ms since the epoch by the device's clock, oldest
/// first. Empty if it never ran, or if the browser refused to store the times.
pub fn navigations_ms() -> Vec<i64> {
    let times = Page::current().map(|_| browser::navigations(KEY, 0.0)).unwrap_or_default();
    times.into_iter().map(|ms| ms as i64).collect()
}
