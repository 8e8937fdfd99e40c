use leptos::{context::Provider, either::Either, prelude::*};
use supertokens_session::{ConfigError, SessionError, SessionEvent};
use supertokens_ui::SessionSource;

use crate::{browser_value::BrowserValue, reactive::alert, session::Session};

/// Provides the session to all below it.
///
/// An invalid setting gives an error view that names it, in place of the app.
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
/// A server has no session to read. While it renders, the status is [`Loading`](crate::SessionStatus::Loading), guards show
/// their `fallback`, gates their `loading`, and there are no events. Any thread may use [`Session`] and drop it.
///
/// The app may make the client itself, on a platform of its own or with [`Overrides`](crate::Overrides), and use it outside
/// of Leptos too. For overrides alone, [`SessionSource::with_overrides`] is shorter.
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
    /// Called on each event, from the start. [`Session::on_event`] listens for a part of the app.
    #[prop(optional, into)]
    on_event: Option<Callback<SessionEvent>>,
    /// The app.
    children: Children,
) -> impl IntoView {
    match config.open() {
        Ok((client, interception)) => {
            // It ends with the provider.
            BrowserValue::new(|| interception);
            let login = login.unwrap_or_else(|| client.config().login_path().to_owned());
            #[cfg(feature = "server-fn")]
            crate::server_fn::remember(&client);
            let session = Session::start(client, login);
            if let Some(on_event) = on_event {
                // The app may have disposed of the callback.
                session.on_event(move |event| {
                    on_event.try_run(event.clone());
                });
            }
            Either::Left(view! { <Provider value=session>{children()}</Provider> })
        }
        Err(error) => Either::Right(bad_setting(error)),
    }
}

fn bad_setting(error: ConfigError) -> AnyView {
    let message = SessionError::from(error).to_string();
    leptos::logging::error!("supertokens-leptos: {message}");
    alert(message.into())
}
