//! A small backend, a store in memory, and a page to mount on.

mod backend;
mod guarded;
mod page;
mod recorder;
mod response;

pub use backend::Backend;
pub(crate) use guarded::open_routes;
pub use guarded::{FALLBACK, Login, Reasons, SECRET, StepUp, open_guarded};
pub use page::{Page, Probe, Visibility, dispatch, dispatch_from_cache, microtask, microtasks, path, settle};
use recorder::Recorder;
pub use response::{NOW_MS, Response};
