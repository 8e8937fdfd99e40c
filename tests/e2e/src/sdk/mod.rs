//! The same, with the real supertokens-node for an API: the servers in the project's `tests/sdk`.
//!
//! With `SUPERTOKENS_CORE_URL` they use a real core. A [`Setting`] that needs the stand-in for one then fails, so such
//! stories are to be in a module `stand_in`, which `cargo xtask test --only sdk` leaves out, and says so.

mod controls;
mod javascript_sdk;
mod server;
mod stage;

pub use backend::AntiCsrf;
pub use controls::Controls;
pub use javascript_sdk::JAVASCRIPT_SDK;
pub use stage::{Loot, Setting, Stage, newcomer, play};

pub use crate::stage::{PASSWORD, USER};
