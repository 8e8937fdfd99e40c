//! The example app in Yew: a sign-in page, guarded pages, an admin page, and a live view of the session.

mod app;
mod components;
mod hooks;
mod pages;
mod routes;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
