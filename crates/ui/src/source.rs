use std::rc::Rc;

use supertokens_session::{
    ConfigError, Overrides, SessionClient, SessionConfig, SessionError, claims::Require,
    internal::global_requirement,
};
use supertokens_web::Interception;

/// The source of a provider's client: a configuration, the result of
/// [`build`](supertokens_session::SessionConfigBuilder::build), or a client that the app creates.
#[derive(Debug, Clone)]
pub struct SessionSource {
    client: Result<SessionClient, ConfigError>,
    /// A setting that is invalid only on this page, such as an http API on an https page. A server can't know it.
    page_error: Option<ConfigError>,
    /// The global claim validators, for a server: there the client has no overrides.
    global: Option<Require>,
    /// Only `intercept_page` sets this function pointer, so the linker can drop the code of unused interception.
    intercept: Option<Intercept>,
}

/// What an adapter needs of a [`SessionSource`].
#[derive(Debug)]
pub struct OpenSource {
    /// The client.
    pub client: SessionClient,
    /// The interception, if the app asks for it. It ends when dropped.
    pub interception: Option<Interception>,
    /// The global claim validators as a requirement; on a server only.
    pub global: Option<Require>,
    /// A setting that is invalid only on this page. The client has no page then.
    pub page_error: Option<ConfigError>,
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
                let global =
                    if cfg!(target_arch = "wasm32") { None } else { global_requirement(&*overrides) };
                let client = supertokens_web::session_client_with(config.clone(), overrides);
                Self { global, ..Self::from_client(client, config) }
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

    /// Starts the interception, if the app asks for it.
    ///
    /// # Errors
    /// [`ConfigError`] names a setting that can't be used.
    pub fn open(self) -> Result<OpenSource, ConfigError> {
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
        Ok(OpenSource { client, interception, global: self.global, page_error: self.page_error })
    }

    fn new(client: Result<SessionClient, ConfigError>) -> Self {
        Self { client, page_error: None, global: None, intercept: None }
    }

    /// Takes the browser's client. Without one, this creates a client without a page, whose calls return errors.
    fn from_client(client: Result<SessionClient, SessionError>, config: SessionConfig) -> Self {
        client.map_or_else(
            |error| Self {
                page_error: if let SessionError::Config(error) = error { Some(error) } else { None },
                ..Self::new(Ok(SessionClient::without_page(config)))
            },
            |client| Self::new(Ok(client)),
        )
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
