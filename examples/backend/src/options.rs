//! The settings of a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use serde::Deserialize;

/// How requests with cookies prove that no other site sent them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AntiCsrf {
    /// Not at all: `SameSite=Lax` cookies are enough where app and API share a site.
    #[default]
    None,
    /// By an `anti-csrf` header with the token that sign-in and refresh answered with.
    ViaToken,
    /// By a `rid` header of any value, which other sites cannot add without a CORS preflight.
    ViaCustomHeader,
}

/// How the server tells its clients about their sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// Three httpOnly cookies and `id-refresh-token` headers, as SDKs did until 2022.
    Older,
    /// `front-token` headers, with the tokens in cookies or in headers.
    #[default]
    Current,
}

/// The settings of a server. The defaults suit a test: a free port, no app, no test controls.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// How long an access token is good for.
    pub access_token_lifetime: Duration,
    /// The anti-CSRF mode.
    pub anti_csrf: AntiCsrf,
    /// The protocol's generation; [`Controls::switch_generation`](crate::Controls::switch_generation) changes it later.
    pub generation: Generation,
    /// Origins that may call the API with credentials; empty allows every loopback origin.
    pub allowed_origins: Vec<String>,
    /// The folder of a built single-page app to serve beside the API.
    pub dist: Option<PathBuf>,
    /// The API that the served app talks to; none means the page's own origin.
    pub api: Option<String>,
    /// More routes, all behind the session check: their handlers find a [`Session`](crate::Session) as an extension.
    pub private_routes: Router,
    /// Whether `/test` exists and requests are counted and logged. Never turn this on where strangers reach it.
    pub test_controls: bool,
    /// Whether `user@example.com` and `admin@example.com` exist from the start, with the password `Passw0rd!`;
    /// only the administrator's e-mail is verified.
    pub seed_demo_users: bool,
    /// How many users may sign up before sign-up answers 503.
    pub max_users: usize,
    /// How many sessions may exist before sign-in answers 503.
    pub max_sessions: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access_token_lifetime: Duration::from_secs(3600),
            anti_csrf: AntiCsrf::None,
            generation: Generation::Current,
            allowed_origins: Vec::new(),
            dist: None,
            api: None,
            private_routes: Router::new(),
            test_controls: false,
            seed_demo_users: false,
            max_users: 10_000,
            max_sessions: 10_000,
        }
    }
}
