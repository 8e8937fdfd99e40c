//! What the stories in `tests/stories` are played on: an API, a site, a browser, all of their own for each story.
//!
//! 1. [`play`] starts them, runs the story, and takes all down, also after a failed assertion.
//! 2. [`Stage::page`] does what a person would do, found by `data-testid`. Each step waits, and a failure names what it
//!    waited for.
//! 3. [`Stage::controls`] is the hand on the API, [`Stage::site`] and [`Elsewhere`] keep what they were asked.
//!
//! [`sdk`] is the same for the stories in `tests/sdk`: there the API is the real supertokens-node.
//!
//! A story that fails prints what was to be seen in each tab, and where the screenshot is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod commands;
mod driver;
mod elsewhere;
mod engine;
mod env;
mod http_client;
mod keyboard;
mod page;
mod proxy;
mod record;
mod recorded;
mod report;
mod scene;
pub mod sdk;
mod site;
mod stage;
mod step;
mod substitutes;
mod tabs;

pub use backend::{AntiCsrf, Controls, Generation, SeenRequest};
pub use commands::ConsoleEntry;
pub use elsewhere::Elsewhere;
pub use engine::Engine;
pub use page::Page;
pub use record::Record;
pub use site::Site;
pub use stage::{PASSWORD, Setting, Stage, USER, play};
pub use tabs::Tab;
