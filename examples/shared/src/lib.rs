//! The parts of the example app that know no UI framework: the API's client, the requirements of guards, the settings,
//! texts, and what the pages calculate. `examples/spa` shows them with Leptos, `examples/yew` with Yew.

// Only the two apps use it, and most of its names say what they are.
#![allow(missing_docs)]

pub mod api;
pub mod config;
mod event_log;
pub mod experiments;
mod feed;
pub mod focus;
mod invoices;
mod orders;
mod page;
mod roles;
mod second_factor;
pub mod sign_in;
pub mod text;
mod verification;
pub mod who;

pub use event_log::{Entry, EventLog};
pub use feed::{Connection, Feed, FeedMessage};
pub use invoices::{QUARTERS, invoices_of, read_quarter};
pub use orders::Sort;
pub use page::{DOORS, Door, HOME, LINKS, NavLink, remove_placeholder};
pub use roles::RoleChange;
pub use second_factor::{SecondFactor, find_device, send_totp};
pub use verification::{CodeRequest, request_code, verify_code};
