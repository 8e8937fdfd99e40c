//! Warnings about an incorrect setup. Developers must see them without a logger, so they do not only go to the log.

use std::{cell::Cell, fmt};

thread_local! {
    static SHOW: Cell<Option<fn(&str)>> = const { Cell::new(None) };
}

/// Calls `show` with each setup warning on this thread, in addition to the log. `supertokens-web` writes the warnings
/// to the page's console; call this function on your own platform. A later call replaces the function.
///
/// ```
/// use supertokens_session::{on_setup_warning, warn_of_setup};
///
/// on_setup_warning(|warning| eprintln!("{warning}"));
/// warn_of_setup(format_args!("https://api.example.com: the response is not JSON"));
/// ```
pub fn on_setup_warning(show: fn(&str)) {
    SHOW.set(Some(show));
}

/// Warns about an incorrect setup. The client may emit the same warning many times; `show` should display it once.
///
/// The text says what to fix. It contains no token and no user data. It contains only those parts of a URL that the
/// settings contain.
pub fn warn_of_setup(warning: fmt::Arguments<'_>) {
    log::warn!("{warning}");
    if let Some(show) = SHOW.get() {
        show(&warning.to_string());
    }
}
