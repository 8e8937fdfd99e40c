//! A page on which all requests are intercepted. `public/clients.js` calls the HTTP clients. The suite is
//! `tests/e2e/tests/clients`, and `cargo xtask test --only clients` runs it.

#[cfg(target_arch = "wasm32")]
mod call;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod rust_clients;

fn main() {
    #[cfg(target_arch = "wasm32")]
    page::begin();
}
