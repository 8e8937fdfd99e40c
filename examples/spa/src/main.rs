//! The example app: a sign-in page, guarded pages, an admin page, and a live view of the session.

mod api;
mod app;
mod components;
mod config;
mod focus;
mod live;
mod pages;
mod text;
mod who;

use leptos::prelude::{document, mount_to_body};

fn main() {
    mount_to_body(app::App);
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
}
