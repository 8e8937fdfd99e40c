//! The pages, with one file for each page or group of pages.

mod admin;
mod dashboard;
mod doors;
mod invoices;
mod live;
mod login;
mod newsroom;
mod not_found;
mod orders;
mod second_factor;
mod vault;
mod verify_email;

pub(crate) use admin::Admin;
pub(crate) use dashboard::Dashboard;
pub(crate) use doors::{Doors, Inside, Outside};
pub(crate) use invoices::Invoices;
pub(crate) use live::Live;
pub(crate) use login::{Login, MagicLink, ProviderCallback, ResetPassword};
pub(crate) use newsroom::{Drafts, Newsroom, NewsroomOverview, Readers};
pub(crate) use not_found::NotFound;
pub(crate) use orders::Orders;
pub(crate) use second_factor::SecondFactorPage;
pub(crate) use vault::Vault;
pub(crate) use verify_email::VerifyEmail;
