//! Stories of users whose pages a server renders. `cargo xtask test --only ssr` plays them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod after_an_expiry;
mod first_view;
mod functions;

use std::time::Duration;

use e2e::{ConsoleEntry, Rendered};

const USER: &str = "user@example.com";
const ADMIN: &str = "admin@example.com";

/// Longer than a story.
const LONG: Duration = Duration::from_secs(3600);

/// Neither a warning of Leptos, such as about hydration, nor an exception.
async fn assert_quiet(stage: &Rendered) {
    let record = stage.page.record().await;
    assert_eq!(record.errors, [""; 0]);
    let lines = stage.page.console().await;
    let loud: Vec<_> = lines.iter().filter(|line| is_loud(line)).collect();
    assert!(loud.is_empty(), "{loud:?}");
}

/// The browser itself logs each response with an error status.
fn is_loud(line: &ConsoleEntry) -> bool {
    ["SEVERE", "WARNING"].contains(&&*line.level) && line.source != "network"
}
