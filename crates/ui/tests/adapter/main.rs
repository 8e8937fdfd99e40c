//! Drives this crate as an adapter does that has no signals: it renders after each change, and then acts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod guard;
mod return_address;
mod world;
