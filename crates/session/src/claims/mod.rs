//! Claims in the access token's payload, validators of them, and [`Require`], which says who may see something.
//!
//! A claim sits in the payload as `"KEY": { "v": value, "t": ms when it was fetched }`. Whatever is decided here is for
//! the eye alone: the payload that a frontend reads is not signed, and the API decides.

mod check;
mod claim;
mod known;
mod refresh;
mod require;
mod validator;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use check::ClaimCheck;
pub use claim::{BooleanClaim, PrimitiveArrayClaim, PrimitiveClaim};
pub use known::{email_verified, multi_factor, permissions, roles};
pub use refresh::ClaimRefresh;
pub use require::{Denied, Require};
pub use validator::{ClaimValidator, Validator};
