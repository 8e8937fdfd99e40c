//! The tenants: each has its own users and sign-in methods.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::routing::MethodRouter;
use axum::{Router, extract::rejection::RawPathParamsRejection};

use crate::error::ApiError;
use crate::factors::Factor;
use crate::state::App;

/// A tenant. Handlers get the one in the request's path, or [`Tenant::Public`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Tenant {
    /// The default tenant, with all sign-in methods.
    Public,
    /// A tenant whose users sign in with a password only.
    Acme,
}

impl Tenant {
    /// The id in paths, links and payloads.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Acme => "acme",
        }
    }

    /// The factors with which a user may sign in.
    pub(crate) fn first_factors(self) -> &'static [Factor] {
        match self {
            Self::Public => &[Factor::EmailPassword, Factor::OtpEmail, Factor::LinkEmail, Factor::ThirdParty],
            Self::Acme => &[Factor::EmailPassword],
        }
    }

    /// Whether a user may sign in with this factor.
    pub(crate) fn allows(self, factor: Factor) -> bool {
        self.first_factors().contains(&factor)
    }

    fn find(id: &str) -> Option<Self> {
        [Self::Public, Self::Acme].into_iter().find(|tenant| tenant.id() == id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tenant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_: RawPathParamsRejection| ApiError::Failed("Tenant not found"))?;
        match params.iter().find(|(name, _)| *name == "tenant") {
            Some((_, id)) => Self::find(id).ok_or(ApiError::Failed("Tenant not found")),
            None => Ok(Self::Public),
        }
    }
}

/// Adds the routes of recipes.
pub(crate) trait RecipeRoutes {
    /// A route below `/auth` and below `/auth/{tenant}`.
    fn recipe(self, path: &str, methods: MethodRouter<App>) -> Self;
}

impl RecipeRoutes for Router<App> {
    fn recipe(self, path: &str, methods: MethodRouter<App>) -> Self {
        self.route(&format!("/auth{path}"), methods.clone())
            .route(&format!("/auth/{{tenant}}{path}"), methods)
    }
}
