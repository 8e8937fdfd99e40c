//! Warnings about a wrong set-up in the page's console, where developers look who have no logger.

use std::cell::RefCell;

use supertokens_session::on_setup_warning;
use web_sys::console;

use crate::page::Page;

/// A page that is open for long keeps no more.
const MOST: usize = 30;

thread_local! {
    static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes warnings about a wrong set-up to the page's console, each once. No logger is needed.
///
/// [`session_client`](crate::session_client) and [`platform`](crate::platform) do it by themselves; a client on parts of
/// the app's own alone needs the call. On a server it does nothing.
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
        let is_new = shown.len() < MOST && !shown.iter().any(|shown| shown == warning);
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
    fn each_is_new_once_and_no_more_than_some_are_kept() {
        assert!(is_new("a") && is_new("b") && !is_new("a") && !is_new("b"));
        let new = (0..100).filter(|number| is_new(&number.to_string())).count();
        assert_eq!(new, MOST - 2);
    }
}
