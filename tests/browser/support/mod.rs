//! A backend of a few lines, a store in memory, and a page to mount on.

mod backend;
mod page;

pub use backend::{Answer, Backend};
pub use page::{Page, path, settle};
