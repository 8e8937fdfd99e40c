//! Claims in the access token's payload, validators of them, and [`Require`], which says who may see something.
//!
//! A claim sits in the payload as `"KEY": { "v": value, "t": ms when it was fetched }`. Whatever is decided here is for
//! the eye alone: the payload that a frontend reads is not signed, and the API decides.

mod check;
mod claim;
mod factors;
mod function;
mod known;
mod refresh;
mod require;
mod validator;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use check::ClaimCheck;
pub use claim::{BooleanClaim, PrimitiveArrayClaim, PrimitiveClaim};
pub use factors::{FactorCheck, all_factors, any_factor, factor, multi_factor};
pub use known::{allowed_domains, email_verified, permissions, roles};
pub use refresh::ClaimRefresh;
pub use require::{Denied, Require};
pub use validator::{ClaimValidator, Validator};
pub(crate) use {function::ClaimFunction, refresh::ClaimSource};
