//! Routes for signed-in users. For the eye alone: the API decides what anybody may see.
//!
//! [`decision`] says what a guard does, [`validate`] has claims fetched anew for it, [`leave`] leads off the page,
//! [`load`] waits for views that are loaded when they are shown, and the two routes show what comes of it.

mod decision;
mod denied;
mod leave;
mod load;
mod parent_route;
mod props;
mod route;
mod validate;
mod views;

pub use denied::{DeniedFn, IntoDenied, WithReasons, WithoutReasons};
pub use parent_route::ProtectedParentRoute;
pub use props::{Missing, RouteBuilder, RouteProps};
pub use route::ProtectedRoute;
