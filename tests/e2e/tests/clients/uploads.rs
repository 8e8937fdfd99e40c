//! Where uploads go, and what they are made of.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

pub(crate) const PATH: &str = "/api/uploads";

/// Whole, this is 2 MB.
pub(crate) const LEN: usize = 2_000_000;

/// Answers with what has arrived, as [`described`] has it.
pub(crate) fn router() -> Router {
    let describe = async |body: Bytes| described(&body);
    Router::new().route(PATH, post(describe)).layer(DefaultBodyLimit::disable())
}

/// The bytes of an upload, in JavaScript.
pub(crate) fn code() -> String {
    format!("Uint8Array.from({{ length: {LEN} }}, (_, at) => at * 31 % 251)")
}

/// What the answer to a whole upload says.
pub(crate) fn whole() -> String {
    let bytes: Vec<u8> = (0..LEN).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
    described(&bytes)
}

/// Length, and a sum in which each byte counts by its place.
fn described(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    format!("{} bytes, {sum:08x}", bytes.len())
}
