//! The example app: a sign-in page, guarded pages, an admin page, and a live view of the session.

mod api;
mod app;
mod components;
mod focus;
mod pages;

fn main() {
    leptos::mount::mount_to_body(app::App);
    example_shared::remove_placeholder();
}
