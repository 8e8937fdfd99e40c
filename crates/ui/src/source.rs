use std::rc::Rc;

use supertokens_session::{ConfigError, Overrides, SessionClient, SessionConfig, SessionError};
use supertokens_web::Interception;

/// The source of a provider's client: a configuration, the result of
/// [`build`](supertokens_session::SessionConfigBuilder::build), or a client that the app creates.
#[derive(Debug, Clone)]
pub struct SessionSource {
    client: Result<SessionClient, ConfigError>,
    /// Only `intercept_page` sets this function pointer, so the linker can drop the code of unused interception.
    intercept: Option<Intercept>,
}

type Intercept = fn(&SessionClient) -> Result<Interception, SessionError>;

impl SessionSource {
    /// A configuration with overrides, which are hooks and functions of the app.
    ///
    /// ```
    /// use supertokens_session::{ApiAction, Original, Overrides, SessionConfig, Url, platform::{LocalBoxFuture, TransportRequest}};
    /// use supertokens_ui::SessionSource;
    ///
    /// struct Tenant(&'static str);
    ///
    /// impl Overrides for Tenant {
    ///     fn before_api_call<'a>(
    ///         &'a self,
    ///         _: ApiAction,
    ///         request: &'a mut TransportRequest,
    ///     ) -> LocalBoxFuture<'a, ()> {
    ///         let outcome = request.headers.set("x-tenant", self.0);
    ///         Box::pin(async move {
    ///             if let Err(error) = outcome {
    ///                 eprintln!("{error}");
    ///             }
    ///         })
    ///     }
    ///
    ///     fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
    ///         original.is_api_url(url) && !url.path_and_query().starts_with("/public/")
    ///     }
    /// }
    ///
    /// let config = SessionConfig::builder("https://api.example.com").build();
    /// let source = SessionSource::with_overrides(config, Tenant("acme"));
    /// ```
    pub fn with_overrides(
        config: Result<SessionConfig, ConfigError>,
        overrides: impl Overrides + 'static,
    ) -> Self {
        let overrides: Rc<dyn Overrides> = Rc::new(overrides);
        match config {
            Ok(config) => {
                let client = supertokens_web::session_client_with(config.clone(), overrides);
                Self::from_client(client, config)
            }
            Err(error) => Self::new(Err(error)),
        }
    }

    /// Adds the session to all requests of the page while the provider exists: see
    /// [`intercept_page`](supertokens_web::intercept_page).
    ///
    /// ```
    /// use supertokens_session::SessionConfig;
    /// use supertokens_ui::SessionSource;
    ///
    /// let config = SessionConfig::builder("https://api.example.com").build();
    /// let source = SessionSource::from(config).intercept_page();
    /// ```
    pub fn intercept_page(mut self) -> Self {
        self.intercept = Some(supertokens_web::intercept_page);
        self
    }

    /// Returns the client, and the interception if the app asks for it.
    ///
    /// # Errors
    /// [`ConfigError`] names a setting that can't be used.
    pub fn open(self) -> Result<(SessionClient, Option<Interception>), ConfigError> {
        let client = self.client?;
        let interception = self.intercept.and_then(|intercept| match intercept(&client) {
            Ok(interception) => Some(interception),
            // A server has no page to intercept.
            Err(SessionError::NotInBrowser) => None,
            Err(error) => {
                crate::warn(&error.to_string());
                None
            }
        });
        Ok((client, interception))
    }

    fn new(client: Result<SessionClient, ConfigError>) -> Self {
        Self { client, intercept: None }
    }

    /// Takes the browser's client. On a server, this creates a client without a page, whose calls return errors.
    fn from_client(client: Result<SessionClient, SessionError>, config: SessionConfig) -> Self {
        Self::new(match client {
            Ok(client) => Ok(client),
            // Such as an http API on an https page.
            Err(SessionError::Config(error)) => Err(error),
            Err(_) => Ok(SessionClient::without_page(config)),
        })
    }
}

impl From<SessionConfig> for SessionSource {
    fn from(config: SessionConfig) -> Self {
        Self::from_client(supertokens_web::session_client(config.clone()), config)
    }
}

impl From<Result<SessionConfig, ConfigError>> for SessionSource {
    fn from(config: Result<SessionConfig, ConfigError>) -> Self {
        match config {
            Ok(config) => config.into(),
            Err(error) => Self::new(Err(error)),
        }
    }
}

impl From<SessionClient> for SessionSource {
    fn from(client: SessionClient) -> Self {
        Self::new(Ok(client))
    }
}
