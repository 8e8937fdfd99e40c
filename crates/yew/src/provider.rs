use std::rc::Rc;

use supertokens_session::{ConfigError, SessionError, SessionEvent};
use supertokens_ui::{OnServer, OpenSource, ServerRequest, SessionSync, Snapshot};
use yew::prelude::*;

use crate::{
    session::{Published, Publisher, Session},
    source::ProviderSource,
};

/// The props of [`SessionProvider`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SessionProviderProps {
    /// The configuration, the result of `build`, or a client that the app creates. The first value counts.
    pub config: ProviderSource,
    /// The path of the login page, to which guards redirect. The default is the setting `website_base_path`, or
    /// `/login`. The first value counts.
    ///
    /// The path is below the router's `basename`: with `<BrowserRouter basename="/app">`, `/login` becomes `/app/login`.
    /// A path that already begins with it stays the same.
    #[prop_or_default]
    pub login: Option<AttrValue>,
    /// Called on each event, from the start. For a part of the app, use
    /// [`use_session_event`](crate::use_session_event).
    #[prop_or_default]
    pub on_event: Option<Callback<SessionEvent>>,
    /// The request that a server renders. In a browser it is `None`.
    #[prop_or_default]
    pub request: Option<ServerRequest>,
    /// The app.
    #[prop_or_default]
    pub children: Html,
}

/// Provides the session to its children.
///
/// If a setting is invalid, it shows an error that names the setting in place of the app.
///
/// ```
/// use supertokens_yew::{SessionConfig, SessionProvider};
/// use yew::prelude::*;
///
/// #[component]
/// fn App() -> Html {
///     let config = SessionConfig::builder("https://api.example.com").build();
///     html! { <SessionProvider {config}>{"The app"}</SessionProvider> }
/// }
/// ```
///
/// While a server renders, the session is that of the prop `request`: see `docs/guide/src/rendering.md`. With the
/// feature `hydration`, the page then starts in the browser with the same session.
///
/// The app may create the client itself, with its own platform or with [`Overrides`](crate::Overrides), and use it
/// outside of Yew too. For overrides alone, [`SessionSource::with_overrides`](crate::SessionSource::with_overrides) is
/// shorter.
#[doc(alias = "SuperTokensWrapper")]
#[component]
pub fn SessionProvider(props: &SessionProviderProps) -> Html {
    let props = props.clone();
    #[cfg(any(feature = "hydration", feature = "ssr"))]
    return crate::prepared::prepared(props);
    #[cfg(not(any(feature = "hydration", feature = "ssr")))]
    html! { <Provider {props} rendered={None::<Rc<String>>}/> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ProviderProps {
    pub(crate) props: SessionProviderProps,
    /// The snapshot with which a server has rendered the page.
    pub(crate) rendered: Option<Rc<String>>,
}

#[component]
pub(crate) fn Provider(ProviderProps { props, rendered }: &ProviderProps) -> Html {
    let (on_event, update) = (use_mut_ref(|| None), use_force_update());
    on_event.replace(props.on_event.clone());
    let started = use_memo((), |()| {
        let on_event = on_event.clone();
        let emit = move |event: &SessionEvent| {
            let on_event: Option<Callback<SessionEvent>> = on_event.borrow().clone();
            if let Some(on_event) = on_event {
                on_event.emit(event.clone());
            }
        };
        start(props, rendered.as_deref().map(String::as_str), emit)
            .inspect_err(|error| supertokens_ui::report(error))
    });
    use_effect_with((), {
        let started = started.clone();
        move |()| {
            if let Ok(Started { session, failure, .. }) = &*started {
                session.render_with(move || update.force_update());
                if let Some(error) = failure {
                    // The first view has to equal the server's.
                    supertokens_ui::report(error);
                    session.with_sync(|sync| sync.fail(error.clone()));
                }
            }
            move || {
                if let Ok(Started { session, .. }) = &*started {
                    session.end();
                }
            }
        }
    });
    use_effect({
        let started = started.clone();
        move || {
            if let Ok(Started { session, .. }) = &*started {
                session.all_rendered();
            }
        }
    });
    match &*started {
        Ok(Started { session, .. }) => html! {
            <ContextProvider<Session> context={session.clone()}>{props.children.clone()}</ContextProvider<Session>>
        },
        Err(error) => html! { <p role="alert">{SessionError::from(error.clone()).to_string()}</p> },
    }
}

struct Started {
    session: Session,
    /// Why this page can't use the session.
    failure: Option<SessionError>,
    /// Both end with the provider.
    _interception: Option<supertokens_web::Interception>,
    _subscription: Option<supertokens_session::Subscription>,
}

fn start(
    props: &SessionProviderProps,
    rendered: Option<&str>,
    on_event: impl Fn(&SessionEvent) + 'static,
) -> Result<Started, ConfigError> {
    let OpenSource { client, interception, global, page_error } = props.config.open().open()?;
    if let Some(error) = page_error.as_ref().filter(|_| rendered.is_none()) {
        return Err(error.clone());
    }
    let login = props
        .login
        .as_ref()
        .map_or_else(|| client.config().settings().login_path.clone(), ToString::to_string);
    let is_browser = cfg!(target_arch = "wasm32");
    let on_server = (!is_browser).then(|| OnServer::new(props.request.clone(), login.clone(), global));
    let first = match (&on_server, rendered) {
        (_, Some(rendered)) => Snapshot::from_embedded(rendered),
        (Some(on_server), None) => on_server.snapshot(),
        (None, None) => Snapshot::default(),
    };
    let first = std::sync::Arc::new(first);
    let published = Published::new(first.clone());
    let subscription = is_browser.then(|| client.on_event(on_event));
    let failure = (is_browser && client.platform().is_none())
        .then(|| page_error.map_or(SessionError::NotInBrowser, SessionError::from));
    let publisher = Publisher(published.clone());
    let sync =
        is_browser.then(|| SessionSync::start(client.clone(), login, first, rendered.is_some(), publisher));
    Ok(Started {
        session: Session::new(client, sync, on_server, published),
        failure,
        _interception: interception,
        _subscription: subscription,
    })
}
