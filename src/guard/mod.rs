//! Routes for signed-in users. They only control display; the API enforces access.

mod denied;
mod load;
mod parent_route;
mod props;
mod route;
mod views;

pub use denied::{DeniedFn, IntoDenied, WithReasons, WithoutReasons};
pub use parent_route::ProtectedParentRoute;
pub use props::{Missing, RouteBuilder, RouteProps};
pub use route::ProtectedRoute;
