//! Claims in the access token's payload, their validators, and [`Require`], which says who may see a view.
//!
//! A claim's format in the payload is `"KEY": { "v": value, "t": fetch time in ms }`. These checks only control
//! display: the frontend's copy of the payload is not signed. Your API must enforce access.

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
