//! The endpoint of uploads, and their content.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

pub(crate) const PATH: &str = "/api/uploads";

/// The whole upload has 2 MB.
pub(crate) const LEN: usize = 2_000_000;

/// Responds with a description of the received bytes, see [`described`].
pub(crate) fn router() -> Router {
    let describe = async |body: Bytes| described(&body);
    Router::new().route(PATH, post(describe)).layer(DefaultBodyLimit::disable())
}

/// The bytes of an upload, in JavaScript.
pub(crate) fn code() -> String {
    format!("Uint8Array.from({{ length: {LEN} }}, (_, at) => at * 31 % 251)")
}

/// The response to a whole upload.
pub(crate) fn whole() -> String {
    let bytes: Vec<u8> = (0..LEN).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
    described(&bytes)
}

/// The length, and a checksum that depends on the position of each byte.
fn described(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    format!("{} bytes, {sum:08x}", bytes.len())
}
