//! The pages.

mod account;
mod admin;
mod home;
mod login;
mod modes;
mod orders;

pub(crate) use account::Account;
pub(crate) use admin::{Admin, Denied};
pub(crate) use home::{Home, NotFound};
pub(crate) use login::Login;
pub(crate) use modes::{Blocked, Modes, Slow};
pub(crate) use orders::Orders;
