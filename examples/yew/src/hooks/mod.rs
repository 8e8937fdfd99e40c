//! The hooks that pages share.

mod action;
mod announce;
mod api;
mod load;
mod navigation;

pub(crate) use action::{use_action, use_outcome};
pub(crate) use announce::{Announce, use_announce};
pub(crate) use api::use_api;
pub(crate) use load::{use_load, use_value};
pub(crate) use navigation::{
    use_focus_after_navigation, use_heading, use_link, use_page, use_query, use_replace,
};
