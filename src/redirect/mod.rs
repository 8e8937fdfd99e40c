//! The way to the login page, or to the page on which a claim can be mended, and back.

mod base;
mod budget;
mod here;
mod return_address;

pub(crate) use base::Base;
pub(crate) use budget::RedirectBudget;
pub(crate) use here::{Here, Stuck};
pub use return_address::{ReturnAddress, use_return_address};
