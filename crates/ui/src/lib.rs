//! What every UI framework needs of a SuperTokens session, without a framework: there are no signals, no components and
//! no views in here. An adapter, such as `supertokens-leptos`, adds those.
//!
//! An adapter gives two things:
//!
//! - a place to [publish](Publish) the [`Snapshot`], such as a signal or the state of a context;
//! - a [`Router`]: where is the page, replace it, load another one.
//!
//! How to drive it:
//!
//! 1. [`SessionSource::open`] gives the client and, where the app asks for it, the interception. Both end when dropped.
//! 2. [`SessionSync::start`] reads the session, publishes each change, and follows the page's events until it is dropped.
//! 3. A guarded route makes a [`Guard`]. [`Guard::view`] says what to show, after each change of the snapshot or of the
//!    requirement. [`Guard::act`] fetches claims and redirects, in an effect.
//! 4. [`RequirementCheck`] decides for a part of a page. It fetches nothing and redirects nowhere.
//!
//! A page has one thread, so all of these are `!Send`. While a server renders, an adapter makes none of them: it shows the
//! default [`Snapshot`] and [`GuardView::Fallback`].
//!
//! Guards only control display; the API enforces access.

mod claim_value;
mod guard;
mod lifecycle;
mod reader;
mod redirect;
mod snapshot;
mod source;
mod sync;

pub use claim_value::ClaimValue;
pub use guard::{Decision, Guard, GuardOptions, GuardView, RequirementCheck};
pub use redirect::{RedirectError, Redirects, RouteLocation, Router, RouterBase};
pub use snapshot::{Publish, SessionStatus, Snapshot, UnauthenticatedReason};
pub use source::SessionSource;
pub use sync::SessionSync;

/// Writes a warning to the page's console, which a developer reads without a logger. A server writes nothing.
fn warn(message: &str) {
    if cfg!(target_arch = "wasm32") {
        web_sys::console::warn_1(&format!("supertokens: {message}").into());
    }
}
