//! The parts of a SuperTokens session that every UI framework needs. This crate has no signals, no components and no
//! views: an adapter, such as `supertokens-leptos`, adds those.
//!
//! An adapter provides two things:
//!
//! - a place to [publish](Publish) the [`Snapshot`], such as a signal or the state of a context;
//! - a [`Router`], which gives the current location, replaces it, and loads pages of other origins.
//!
//! How to drive it:
//!
//! 1. [`SessionSource::open`] returns the client and, if the app asks for it, the interception. Both end when dropped.
//! 2. [`SessionSync::start`] reads the session, publishes each change, and listens to page events until it is dropped.
//! 3. A guarded route creates a [`Guard`]. Call [`Guard::view`] after each change of the snapshot or of the
//!    requirement: it returns what to show. Call [`Guard::act`] in an effect: it fetches claims and redirects.
//! 4. [`RequirementCheck`] decides for a part of a page. It does not fetch claims and does not redirect.
//!
//! A page has one thread, so all of these are `!Send`. While a server renders, an adapter creates none of them: it asks
//! [`OnServer`], which has the [`Snapshot`] of the request. The page embeds that snapshot, and the browser starts with it.
//!
//! Guards only control display; the API enforces access.

#![warn(unreachable_pub)]

mod claim_value;
#[cfg(feature = "devtools")]
pub mod devtools;
mod embedded;
mod guard;
mod lifecycle;
mod reader;
mod redirect;
mod server;
mod snapshot;
mod source;
mod sync;
pub mod texts;

pub use claim_value::ClaimValue;
pub use guard::{Decision, Guard, GuardOptions, GuardView, RequirementCheck};
pub use redirect::{RedirectError, Redirects, ReturnAddress, RouteLocation, Router, RouterBase};
pub use server::{OnServer, ServerRequest};
pub use snapshot::{Publish, SessionStatus, Snapshot, UnauthenticatedReason};
pub use source::{OpenSource, SessionSource};
pub use sync::SessionSync;

/// Writes an error to the browser's console. On a server it does nothing.
pub fn report(error: &dyn std::fmt::Display) {
    if cfg!(target_arch = "wasm32") {
        web_sys::console::error_1(&format!("supertokens: {error}").into());
    }
}

/// Writes a warning to the browser's console, so that developers see it without a logger. On a server it does nothing.
fn warn(message: &str) {
    if cfg!(target_arch = "wasm32") {
        web_sys::console::warn_1(&format!("supertokens: {message}").into());
    }
}
