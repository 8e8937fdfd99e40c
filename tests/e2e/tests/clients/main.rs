//! All HTTP clients of a page use the session: one suite, run with each client against the example
//! API, with real cookies. `cargo xtask test --only clients` runs it, and prints a table of the results.
//!
//! A case is written once, in `cases.rs`; a client is a function of `tests/clients/public/clients.js`. The test
//! `axios::an_abort` is the case `an_abort` with the client `axios`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[macro_use]
mod cases;
mod desk;
mod large_uploads;
mod two_modules;
mod uploads;

/// Runs all cases with each client, and its further cases.
macro_rules! with_clients {
    ($($client:ident $(+ $case:ident)?)*) => {$(
        mod $client {
            all_cases!(stringify!($client) $(, $case)?);
        }
    )*};
}

with_clients! {
    axios + an_upload_with_progress
    fetch
    gloo_net
    request
    reqwest
    xhr + an_upload_with_progress
}
