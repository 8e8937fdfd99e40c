use js_sys::Date;
use supertokens_session::{SessionError, wire::redirect::Destination};
use web_sys::Storage;

use crate::page::Page;

/// The sessionStorage key of this tab's navigation times. A redirect loop reloads each page, so memory can't hold them.
const KEY: &str = "supertokens-led-away-at";

/// Older times than the last of these are dropped.
const MAX_TIMES: usize = 20;

/// Loads another page and replaces this one in the history, so the back button skips it.
///
/// # Errors
/// [`SessionError::NotInBrowser`] if there is no page, such as on a server.
pub fn navigate_to(destination: &Destination) -> Result<(), SessionError> {
    let page = Page::current()?;
    record_navigation(&page);
    if page.window().location().replace(&destination.to_string()).is_err() {
        log::warn!("the browser refused to load another page");
    }
    Ok(())
}

/// When [`navigate_to`] ran in this tab on pages of this origin: ms since the epoch by the device's clock, oldest
/// first. Empty if it never ran, or if the browser refused to store the times.
pub fn navigations_ms() -> Vec<i64> {
    Page::current().ok().and_then(|page| read_times(&storage(&page)?)).unwrap_or_default()
}

fn record_navigation(page: &Page) {
    let Some(storage) = storage(page) else { return };
    let mut times = read_times(&storage).unwrap_or_default();
    times.push(Date::now() as i64);
    let last = times.iter().skip(times.len().saturating_sub(MAX_TIMES)).map(i64::to_string);
    // If the browser refuses the write, redirect loops go undetected.
    let _ = storage.set_item(KEY, &last.collect::<Vec<_>>().join(" "));
}

fn read_times(storage: &Storage) -> Option<Vec<i64>> {
    let text = storage.get_item(KEY).ok()??;
    Some(text.split(' ').filter_map(|time| time.parse().ok()).collect())
}

fn storage(page: &Page) -> Option<Storage> {
    page.window().session_storage().ok()?
}
