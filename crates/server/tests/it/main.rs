//! The verifier against key servers on real sockets, and the layer in an axum app.

#![allow(clippy::unwrap_used, clippy::panic)]

mod calls;
mod front_tokens;
mod key_server_faults;
mod keys_rotate;
mod layer;
mod never_authenticated;
mod page_table;
mod properties;
mod set_up;
mod support;
mod vectors;
