//! Captures the lines of the `log` crate, and searches them for secrets.

use std::{cell::RefCell, sync::Once};

thread_local! {
    static LOGGED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Stores all lines that are logged on this thread, where the scenario and all its tasks run.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        LOGGED.with_borrow_mut(|logged| logged.push(line));
    }

    fn flush(&self) {}
}

/// Starts capturing, with an empty log for this thread.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Logger).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    LOGGED.with_borrow_mut(Vec::clear);
}

/// All lines that this scenario has logged.
pub fn logged() -> Vec<String> {
    LOGGED.with_borrow(Clone::clone)
}

/// The secrets that occur in a text.
pub fn leaks<'a>(text: &str, secrets: &'a [String]) -> Vec<&'a str> {
    secrets.iter().map(String::as_str).filter(|secret| text.contains(secret)).collect()
}
