//! Pages that a server renders.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod pages;
mod server;
mod sessions;
mod yew;
