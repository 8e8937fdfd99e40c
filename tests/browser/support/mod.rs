//! A backend of a few lines, a store in memory, and a page to mount on.

mod answer;
mod backend;
mod guarded;
mod page;
mod recorder;

pub use answer::{Answer, NOW_MS};
pub use backend::Backend;
pub use guarded::{FALLBACK, Reasons, SECRET, StepUp, open_guarded};
pub use page::{Page, Seen, Sight, happens, happens_by_the_cache, microtask, microtasks, path, settle};
use recorder::Recorder;
