use js_sys::Date;
use supertokens_session::{SessionError, wire::redirect::Destination};
use web_sys::Storage;

use crate::page::Page;

/// Where this tab keeps when it was led to other pages: what goes round in circles loads each page anew.
const KEY: &str = "supertokens-led-away-at";

/// How many of these times are of interest.
const KEPT: usize = 20;

/// Loads another page in place of this one, to which the back button then does not lead.
///
/// # Errors
/// [`SessionError::NotInBrowser`] where there is no page, such as on a server.
pub fn navigate_to(destination: &Destination) -> Result<(), SessionError> {
    let page = Page::current()?;
    note(&page);
    if page.window().location().replace(&destination.to_string()).is_err() {
        log::warn!("the browser does not let this page load another one");
    }
    Ok(())
}

/// When this tab was [led](navigate_to) off pages of this origin, in ms since the epoch by the device's clock, oldest
/// first. None where nobody has led it, or the browser refuses to keep it.
pub fn navigations_ms() -> Vec<i64> {
    Page::current().ok().and_then(|page| stored(&storage(&page)?)).unwrap_or_default()
}

fn note(page: &Page) {
    let Some(storage) = storage(page) else { return };
    let mut times = stored(&storage).unwrap_or_default();
    times.push(Date::now() as i64);
    let last = times.iter().skip(times.len().saturating_sub(KEPT)).map(i64::to_string);
    // Where it can't be stored, nothing is counted.
    let _ = storage.set_item(KEY, &last.collect::<Vec<_>>().join(" "));
}

fn stored(storage: &Storage) -> Option<Vec<i64>> {
    let text = storage.get_item(KEY).ok()??;
    Some(text.split(' ').filter_map(|time| time.parse().ok()).collect())
}

fn storage(page: &Page) -> Option<Storage> {
    page.window().session_storage().ok()?
}
