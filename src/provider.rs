use leptos::{context::Provider, either::Either, prelude::*};
use supertokens_session::{ConfigError, SessionClient, SessionConfig, SessionError, platform::Platform};

use crate::session::Session;

/// What a [`SessionProvider`] is made from: settings, the outcome of
/// [`build`](supertokens_session::SessionConfigBuilder::build), or a client on a platform of the app's own.
#[derive(Debug, Clone)]
pub struct SessionSource(Result<SessionClient, ConfigError>);

impl From<SessionConfig> for SessionSource {
    fn from(config: SessionConfig) -> Self {
        Self(match supertokens_web::session_client(config.clone()) {
            Ok(client) => Ok(client),
            // Such as an http API on an https page.
            Err(SessionError::Config(error)) => Err(error),
            // While a server renders there is no browser: nothing is known, nothing is called.
            Err(_) => Ok(SessionClient::new(config, Platform::absent())),
        })
    }
}

impl From<Result<SessionConfig, ConfigError>> for SessionSource {
    fn from(config: Result<SessionConfig, ConfigError>) -> Self {
        match config {
            Ok(config) => config.into(),
            Err(error) => Self(Err(error)),
        }
    }
}

impl From<SessionClient> for SessionSource {
    fn from(client: SessionClient) -> Self {
        Self(Ok(client))
    }
}

/// Provides the session to all below it: finds out whether there is one, and keeps its signals true.
///
/// A setting that can't be used gives an error view that names it, in place of the app.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{SessionConfig, SessionProvider};
///
/// #[component]
/// fn App() -> impl IntoView {
///     let config = SessionConfig::builder("https://api.example.com").build();
///     view! { <SessionProvider config>"The app"</SessionProvider> }
/// }
/// ```
#[component]
pub fn SessionProvider(
    /// The settings, the outcome of `build`, or a client of the app's own.
    #[prop(into)]
    config: SessionSource,
    /// The path of the login page, to which guards lead. `/login` unless set.
    #[prop(default = "/login".to_owned(), into)]
    login: String,
    /// The app.
    children: Children,
) -> impl IntoView {
    match config.0 {
        Ok(client) => {
            let session = Session::start(client, login);
            Either::Left(view! { <Provider value=session>{children()}</Provider> })
        }
        Err(error) => Either::Right(bad_setting(error)),
    }
}

fn bad_setting(error: ConfigError) -> impl IntoView {
    let message = SessionError::from(error).to_string();
    leptos::logging::error!("supertokens-leptos: {message}");
    view! { <p role="alert">{message}</p> }
}
