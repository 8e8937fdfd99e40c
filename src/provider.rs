use leptos::{context::Provider, either::Either, prelude::*};
use supertokens_session::{ConfigError, SessionError, SessionEvent};
use supertokens_ui::{OnServer, OpenSource, SessionSource};

use crate::{
    browser_value::BrowserValue,
    on_server,
    reactive::{alert, effect},
    session::Session,
};

/// Provides the session to its children.
///
/// If a setting is invalid, it shows an error that names the setting in place of the app.
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
/// While a server renders, the session is that of the request if the feature `ssr` is on and the server has a
/// `SessionLayer`; the page then starts in the browser with the same session. Otherwise the status is
/// [`Loading`](crate::SessionStatus::Loading), guards show their `fallback`, and gates show their `loading`. There are no
/// events. Any thread may use and drop [`Session`].
///
/// The app may create the client itself, with its own platform or with [`Overrides`](crate::Overrides), and use it
/// outside of Leptos too. For overrides alone, [`SessionSource::with_overrides`] is shorter.
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
#[doc(alias = "SuperTokensWrapper")]
#[component]
pub fn SessionProvider(
    /// The configuration, the result of `build`, or a client that the app creates.
    #[prop(into)]
    config: SessionSource,
    /// The path of the login page, to which guards redirect. The default is the setting `website_base_path`, or
    /// `/login`.
    ///
    /// The path is below the router's `base`: with `<Router base="/app">`, `/login` becomes `/app/login`. A path that
    /// already begins with the base stays the same.
    #[prop(optional, into)]
    login: Option<String>,
    /// Called on each event, from the start. For a part of the app, use [`Session::on_event`].
    #[prop(optional, into)]
    on_event: Option<Callback<SessionEvent>>,
    /// The app.
    children: Children,
) -> impl IntoView {
    match start(config, login) {
        Ok(Started { session, on_server }) => {
            if let Some(on_event) = on_event {
                // The app may have disposed of the callback.
                session.on_event(move |event| {
                    on_event.try_run(event.clone());
                });
            }
            let children = move || {
                if let Some(on_server) = on_server {
                    provide_context(on_server);
                }
                children()
            };
            Either::Left(view! { <Provider value=session>{children()}</Provider> })
        }
        Err(error) => Either::Right(invalid_setting(error)),
    }
}

struct Started {
    session: Session,
    on_server: Option<OnServer>,
}

fn start(config: SessionSource, login: Option<String>) -> Result<Started, ConfigError> {
    let OpenSource { client, interception, global, page_error } = config.open()?;
    // The interception ends with the provider.
    BrowserValue::new(|| interception);
    let login = login.unwrap_or_else(|| client.config().settings().login_path.clone());
    let on_server = on_server::start(&login, global);
    let embed = || on_server.as_ref().map(|on_server| on_server.snapshot().to_embedded());
    let embedded = SharedValue::new_str(|| embed().unwrap_or_default());
    if let Some(error) = page_error.as_ref().filter(|_| embedded.is_empty()) {
        return Err(error.clone());
    }
    #[cfg(feature = "server-fn")]
    crate::server_fn::set_latest_client(&client);
    let has_page = client.platform().is_some();
    let session = Session::start(client, login, &embedded);
    if cfg!(target_arch = "wasm32") && !has_page {
        // The page has to equal the server's first.
        fail_after_hydration(session, page_error.map_or(SessionError::NotInBrowser, SessionError::from));
    }
    Ok(Started { session, on_server })
}

fn fail_after_hydration(session: Session, error: SessionError) {
    leptos::logging::error!("supertokens-leptos: {error}");
    effect(Box::new(move || {
        session.sync.with(|sync| sync.fail(error.clone()));
    }));
}

fn invalid_setting(error: ConfigError) -> AnyView {
    let message = SessionError::from(error).to_string();
    leptos::logging::error!("supertokens-leptos: {message}");
    alert(message.into())
}
