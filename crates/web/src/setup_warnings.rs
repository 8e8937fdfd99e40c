//! Shows warnings about a wrong setup in the page's console, for developers without a logger.

use std::cell::RefCell;

use supertokens_session::on_setup_warning;
use web_sys::console;

use crate::page::Page;

/// The limit for a page that is open for a long time.
const MAX_SHOWN: usize = 30;

thread_local! {
    static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes warnings about a wrong setup to the page's console, each once. No logger is needed.
///
/// [`session_client`](crate::session_client) and [`platform`](crate::platform) call this themselves. Call it for a
/// client whose parts are all the app's own. On a server it does nothing.
///
/// ```
/// supertokens_web::show_setup_warnings();
/// ```
pub fn show_setup_warnings() {
    if Page::current().is_ok() {
        on_setup_warning(show_once);
    }
}

fn show_once(warning: &str) {
    if is_new(warning) {
        console::warn_1(&format!("SuperTokens: {warning}").into());
    }
}

fn is_new(warning: &str) -> bool {
    SHOWN.with_borrow_mut(|shown| {
        let is_new = shown.len() < MAX_SHOWN && !shown.iter().any(|shown| shown == warning);
        if is_new {
            shown.push(warning.to_owned());
        }
        is_new
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn each_warning_is_shown_once_and_their_number_is_limited() {
        assert!(is_new("a") && is_new("b") && !is_new("a") && !is_new("b"));
        let new = (0..100).filter(|number| is_new(&number.to_string())).count();
        assert_eq!(new, MAX_SHOWN - 2);
    }
}
