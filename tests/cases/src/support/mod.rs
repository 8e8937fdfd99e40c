//! A small backend, a store in memory, and a page to mount on.

mod backend;
mod page;
mod probe;
mod recorder;
mod response;

pub use backend::Backend;
pub use page::{
    Page, Visibility, dispatch, dispatch_from_cache, document, history_length, link_to, microtask,
    microtasks, origin, path, settle, window,
};
pub use probe::{Probe, SessionHandle};
pub use response::{NOW_MS, Response};
