//! One file a page.

mod admin;
mod dashboard;
mod login;
mod not_found;
mod orders;

pub(crate) use admin::Admin;
pub(crate) use dashboard::Dashboard;
pub(crate) use login::Login;
pub(crate) use not_found::NotFound;
pub(crate) use orders::Orders;
