//! Warnings about a wrong set-up: developers have to see them without a logger, so they do not go to the log alone.

use std::{cell::Cell, fmt};

thread_local! {
    static SHOW: Cell<Option<fn(&str)>> = const { Cell::new(None) };
}

/// Calls `show` with each warning about a wrong set-up on this thread, besides the log. `supertokens-web` writes them to
/// the page's console; call it on a platform of your own. A later call replaces the function.
///
/// ```
/// use supertokens_session::{on_setup_warning, warn_of_setup};
///
/// on_setup_warning(|warning| eprintln!("{warning}"));
/// warn_of_setup(format_args!("https://api.example.com: it does not answer with JSON"));
/// ```
pub fn on_setup_warning(show: fn(&str)) {
    SHOW.set(Some(show));
}

/// Warns about a wrong set-up. The same one may be warned about many times: who shows it shows it once.
///
/// The text says what to fix. It holds no token, nothing of the user's, and of a URL at most what the settings say.
pub fn warn_of_setup(warning: fmt::Arguments<'_>) {
    log::warn!("{warning}");
    if let Some(show) = SHOW.get() {
        show(&warning.to_string());
    }
}
