use std::rc::Rc;

use leptos::{context::Provider, either::Either, prelude::*};
use supertokens_session::{
    ConfigError, Overrides, SessionClient, SessionConfig, SessionError, platform::Platform,
};
use supertokens_web::Interception;

use crate::{EventListener, reactive::alert, session::Session};

/// What a [`SessionProvider`] is made from: settings, the outcome of
/// [`build`](supertokens_session::SessionConfigBuilder::build), or a client on a platform of the app's own.
#[derive(Debug, Clone)]
pub struct SessionSource {
    client: Result<SessionClient, ConfigError>,
    /// A function that is only there where it is asked for, so that the linker drops what it needs elsewhere.
    intercept: Option<Intercept>,
}

type Intercept = fn(&SessionClient) -> Result<Interception, SessionError>;

impl SessionSource {
    /// Settings, with hooks and functions of the app's own.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{
    ///     ApiAction, Original, Overrides, SessionConfig, SessionProvider, SessionSource, Url,
    ///     platform::{LocalBoxFuture, TransportRequest},
    /// };
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
    ///                 leptos::logging::error!("{error}");
    ///             }
    ///         })
    ///     }
    ///
    ///     fn should_do_interception(&self, url: &Url, original: Original<'_>) -> bool {
    ///         original.should_do_interception(url) && !url.path_and_query().starts_with("/public/")
    ///     }
    /// }
    ///
    /// #[component]
    /// fn App() -> impl IntoView {
    ///     let config = SessionConfig::builder("https://api.example.com").build();
    ///     let source = SessionSource::with_overrides(config, Tenant("acme"));
    ///     view! { <SessionProvider config=source>"The app"</SessionProvider> }
    /// }
    /// ```
    pub fn with_overrides(
        config: Result<SessionConfig, ConfigError>,
        overrides: impl Overrides + 'static,
    ) -> Self {
        let overrides: Rc<dyn Overrides> = Rc::new(overrides);
        match config {
            Ok(config) => {
                let client = supertokens_web::session_client_with(config.clone(), overrides.clone());
                Self::from_client(client, |platform| {
                    SessionClient::with_overrides(config, platform, overrides)
                })
            }
            Err(error) => Self::new(Err(error)),
        }
    }

    /// Lets all requests of the page take part in the session while the provider is there: [`intercept_page`].
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{SessionConfig, SessionProvider, SessionSource};
    ///
    /// #[component]
    /// fn App() -> impl IntoView {
    ///     let config = SessionConfig::builder("https://api.example.com").build();
    ///     let source = SessionSource::from(config).intercept_page();
    ///     view! { <SessionProvider config=source>"The app"</SessionProvider> }
    /// }
    /// ```
    ///
    /// [`intercept_page`]: supertokens_web::intercept_page
    pub fn intercept_page(mut self) -> Self {
        self.intercept = Some(supertokens_web::intercept_page);
        self
    }

    fn new(client: Result<SessionClient, ConfigError>) -> Self {
        Self { client, intercept: None }
    }

    /// The browser's client. While a server renders there is no browser: nothing is known, nothing is called.
    fn from_client(
        client: Result<SessionClient, SessionError>,
        absent: impl FnOnce(Platform) -> SessionClient,
    ) -> Self {
        Self::new(match client {
            Ok(client) => Ok(client),
            // Such as an http API on an https page.
            Err(SessionError::Config(error)) => Err(error),
            Err(_) => Ok(absent(Platform::absent())),
        })
    }
}

impl From<SessionConfig> for SessionSource {
    fn from(config: SessionConfig) -> Self {
        Self::from_client(supertokens_web::session_client(config.clone()), |platform| {
            SessionClient::new(config, platform)
        })
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
///
/// While a server renders there is no browser and no session to read. The provider then knows nothing and calls nothing:
/// the status is [`Loading`](crate::SessionStatus::Loading), guards show their `fallback` and gates their `loading`, and no event is emitted.
/// The threads that take turns at rendering may use [`Session`] and drop it.
///
/// A client that the app has made, on parts of its own or with [`Overrides`], is taken as it is, and the app can use
/// it outside of Leptos too. For overrides alone, [`SessionSource::with_overrides`] is shorter.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{SessionClient, SessionEvent, SessionProvider};
///
/// #[component]
/// fn App(client: SessionClient) -> impl IntoView {
///     let log = |event: SessionEvent| leptos::logging::log!("{}", event.name());
///     view! { <SessionProvider config=client on_event=log>"The app"</SessionProvider> }
/// }
/// ```
#[component]
pub fn SessionProvider(
    /// The settings, the outcome of `build`, or a client of the app's own.
    #[prop(into)]
    config: SessionSource,
    /// The path of the login page, to which guards redirect, below the router's `base` if it has one: with
    /// `<Router base="/app">`, `/login` is `/app/login`. A path that begins with the base is taken as it is. The setting
    /// `website_base_path` unless set, `/login` where that is not set either.
    #[prop(optional, into)]
    login: Option<String>,
    /// Called on each event, as a listener of [`Session::on_event`] that is there from the start.
    #[prop(optional, into)]
    on_event: Option<EventListener>,
    /// The app.
    children: Children,
) -> impl IntoView {
    match config.client {
        Ok(client) => {
            if let Some(intercept) = config.intercept {
                start_intercepting(intercept(&client));
            }
            let login = login.unwrap_or_else(|| client.config().login_path().to_owned());
            #[cfg(feature = "server-fn")]
            crate::server_fn::remember(&client);
            let session = Session::start(client, login);
            if let Some(on_event) = on_event {
                session.on_event(move |event| on_event.call(event.clone()));
            }
            Either::Left(view! { <Provider value=session>{children()}</Provider> })
        }
        Err(error) => Either::Right(bad_setting(error)),
    }
}

/// Ends with the provider.
fn start_intercepting(begun: Result<Interception, SessionError>) {
    match begun {
        Ok(interception) => {
            StoredValue::new_local(interception);
        }
        // A server intercepts nothing.
        Err(SessionError::NotInBrowser) => {}
        Err(error) => leptos::logging::error!("supertokens-leptos: {error}"),
    }
}

fn bad_setting(error: ConfigError) -> AnyView {
    let message = SessionError::from(error).to_string();
    leptos::logging::error!("supertokens-leptos: {message}");
    alert(message.into())
}
