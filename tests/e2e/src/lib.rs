//! The environment of the stories in `tests/stories`: each has its own API, site and browser.
//!
//! 1. [`play`] starts them, runs the story, and ends them, also after a failed assertion.
//! 2. [`Stage::page`] acts as a user, and finds elements by `data-testid`. Each step waits, and a failure names what it
//!    waited for.
//! 3. [`Stage::controls`] controls the API. [`Stage::site`] and [`Elsewhere`] record their requests.
//!
//! [`play_rendered`] is the same for the pages that `examples/ssr` renders, and [`play_rendered_template`] for those of
//! `examples/templates/ssr`.
//!
//! [`play_on_hosts`] is the same for an app on several hosts of one site.
//!
//! [`sdk`] is the same for the stories in `tests/sdk`: there the API is the real supertokens-node. `tests/server`
//! and `tests/recipes` use it without a browser.
//!
//! A story that fails prints the content of each tab and the path of the screenshot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod by_text;
mod commands;
mod driver;
mod elsewhere;
mod engine;
mod env;
mod fields;
mod frames;
mod hosts;
mod http_client;
mod keyboard;
mod mail;
mod page;
mod proxy;
mod record;
mod recorded;
mod rendered;
mod report;
mod scene;
pub mod sdk;
mod site;
mod stage;
mod step;
mod substitutes;
mod tabs;
mod tls;

pub use backend::{AntiCsrf, Controls, Generation, SeenRequest};
pub use commands::ConsoleEntry;
pub use elsewhere::Elsewhere;
pub use engine::Engine;
pub use hosts::{ApiHost, Hosts, play_on_hosts};
pub use mail::Mail;
pub use page::Page;
pub use record::Record;
pub use rendered::{Rendered, play_rendered, play_rendered_over_https, play_rendered_template};
pub use site::Site;
pub use stage::{PASSWORD, Setting, Stage, USER, play};
pub use tabs::Tab;
