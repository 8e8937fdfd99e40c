//! The apps of the cases. A case describes its app, and each framework shows it in the same way.

use std::{any::Any, rc::Rc};

use serde::Deserialize;
use supertokens_session::{SessionClient, SessionEvent, claims::Require};
use supertokens_ui::SessionSource;
use web_sys::HtmlElement;

use crate::support::{Page, Probe, microtasks};

/// The text of guarded views.
pub const SECRET: &str = "secret-4711";

/// The text of fallbacks.
pub const FALLBACK: &str = "one moment";

/// The text of the context that [`View::Context`] provides.
pub const CONTEXT: &str = "from the parent";

/// A framework with its router.
pub trait Framework {
    /// Mounts the app. What it returns unmounts the app when it is dropped.
    fn mount(element: HtmlElement, site: Rc<Site>) -> Box<dyn Any>;

    /// Waits until the page shows what has changed. A framework that always renders before the browser paints needs only
    /// microtasks.
    fn rendered() -> impl Future<Output = ()> {
        microtasks()
    }
}

/// A function that creates a requirement.
pub type Requirement = Rc<dyn Fn() -> Require>;

/// An app: a provider with a router.
pub struct Site {
    /// The provider's prop `config`.
    pub source: SessionSource,
    /// The provider's prop `login`.
    pub login: Option<&'static str>,
    /// The router's base.
    pub base: &'static str,
    /// The provider's prop `on_event`.
    pub on_event: Option<Rc<dyn Fn(SessionEvent)>>,
    /// Gets the session, and [counts](Probe::rendered) how often the component that gets it is rendered.
    pub probe: Probe,
    /// Shown outside of the provider.
    pub outside: Option<View>,
    /// Shown inside of the router, above the page.
    pub header: Vec<View>,
    /// The pages. Other paths show "not found".
    pub routes: Vec<Route>,
}

/// A page, or a page with pages below it.
pub struct Route {
    /// The path below the parent's. A segment that begins with `:` is a parameter.
    pub path: &'static str,
    /// The guard, if the page has one.
    pub guard: Option<Guarded>,
    /// Shown at this path. With `children`, it has an [`Outlet`](View::Outlet).
    pub view: View,
    /// The pages below.
    pub children: Vec<Route>,
}

/// The props of a guard.
#[derive(Clone)]
pub struct Guarded {
    /// The requirement.
    pub require: Requirement,
    /// The prop `fallback`.
    pub fallback: View,
    /// The prop `denied`, unless the default is shown.
    pub denied: Option<View>,
    /// The prop `on_session_expired`.
    pub on_session_expired: Option<Rc<dyn Fn()>>,
    /// The prop `with_global_validators`.
    pub with_global_validators: bool,
}

/// What a page shows.
#[derive(Clone)]
pub enum View {
    /// A text.
    Text(&'static str),
    /// Several views.
    All(Vec<View>),
    /// [`SECRET`], and an input with the id `draft`.
    Secret,
    /// A view whose builds, removals and renders are counted.
    Counted(Probe, Box<View>),
    /// The page below this one.
    Outlet,
    /// Provides [`CONTEXT`] to the view.
    Context(Box<View>),
    /// Shows the context.
    ReadContext,
    /// Shows the last segment of the path, the parameter `tab` of the query, and the context.
    Item,
    /// Navigates from the login page back when a user is signed in.
    ReturnWhenSignedIn(&'static str),
    /// The same, but first to the step-up pages of a requirement.
    ReturnOverSteps(&'static str, Requirement),
    /// A link with this id to the return address, which is by default this.
    ReturnLink(&'static str, &'static str),
    /// A page with a button with the id `done`, which navigates to the return address.
    StepUp,
    /// The same, but its button first navigates to the next step-up page of a requirement.
    StepOfSeveral(Requirement),
    /// The ids of the failed claims.
    Reasons,
    /// The id that the user had when the view was built, and an input of the class `draft`.
    User,
    /// A link with this id to this path of the app.
    Link(&'static str, &'static str),
    /// Status, user and error, with the buttons `recheck` and `sign-out`.
    Panel,
    /// The component `SessionDevtools`.
    Devtools,
    /// The payload, each value with its own id.
    Payload,
    /// Whether there is a session in the context.
    HasSession,
    /// Shows nothing. The probe [gets](Probe::show) the value, and counts how often it is read.
    Read(Probe, Value),
    /// The component `SignedIn`.
    SignedIn {
        /// The requirement.
        require: Option<Requirement>,
        /// The children.
        view: Box<View>,
        /// The prop `fallback`.
        fallback: Box<View>,
        /// The prop `loading`.
        loading: Box<View>,
    },
    /// The component `SignedOut`.
    SignedOut {
        /// The children.
        view: Box<View>,
        /// The prop `fallback`.
        fallback: Box<View>,
        /// The prop `loading`.
        loading: Box<View>,
    },
    /// The component `SessionLoading`.
    SessionLoading(Box<View>),
}

/// A value of the session.
#[derive(Clone)]
pub enum Value {
    /// The status.
    Status,
    /// The user's id.
    User,
    /// When the access token expires.
    ExpiresAt,
    /// The error.
    Error,
    /// The payload as a [`Profile`].
    Profile,
    /// The payload as a [`Contract`].
    Contract,
    /// Whether the session fulfils the requirement.
    Allows(Requirement),
    /// The roles that the session would have to include.
    Denial(Requirement),
    /// The claim `plan`, which is a text, and the roles.
    Claims,
}

/// A payload of the app.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Profile {
    /// What the user pays for.
    pub plan: String,
}

/// A payload that no user of the cases has.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Contract {
    /// Until when it is valid.
    pub until: u32,
}

impl Site {
    /// An app without pages.
    pub fn new(source: impl Into<SessionSource>, probe: Probe) -> Self {
        Self {
            source: source.into(),
            login: None,
            base: "",
            on_event: None,
            probe,
            outside: None,
            header: Vec::new(),
            routes: Vec::new(),
        }
    }

    /// Adds a view above the pages.
    #[must_use]
    pub fn header(mut self, view: View) -> Self {
        self.header.push(view);
        self
    }

    /// Adds pages.
    #[must_use]
    pub fn routes(mut self, routes: impl IntoIterator<Item = Route>) -> Self {
        self.routes.extend(routes);
        self
    }

    /// Mounts the app at this path.
    pub async fn open<F: Framework>(self, at: &str) -> Page {
        Page::open(at, |element| F::mount(element, Rc::new(self))).await
    }
}

impl Route {
    /// A page for all users.
    pub fn open(path: &'static str, view: View) -> Self {
        Self { path, guard: None, view, children: Vec::new() }
    }

    /// A page for signed-in users.
    pub fn guarded(path: &'static str, view: View) -> Self {
        let guard = Guarded {
            require: Rc::new(Require::session),
            fallback: View::Text(""),
            denied: None,
            on_session_expired: None,
            with_global_validators: true,
        };
        Self { guard: Some(guard), ..Self::open(path, view) }
    }

    /// Adds the pages below.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// Sets the requirement.
    #[must_use]
    pub fn require(self, require: impl Fn() -> Require + 'static) -> Self {
        self.with(|guard| guard.require = Rc::new(require))
    }

    /// Sets the prop `fallback`.
    #[must_use]
    pub fn fallback(self, text: &'static str) -> Self {
        self.with(|guard| guard.fallback = View::Text(text))
    }

    /// Sets the prop `denied`.
    #[must_use]
    pub fn denied(self, view: View) -> Self {
        self.with(|guard| guard.denied = Some(view))
    }

    /// Sets the prop `on_session_expired`.
    #[must_use]
    pub fn on_session_expired(self, on_session_expired: impl Fn() + 'static) -> Self {
        self.with(|guard| guard.on_session_expired = Some(Rc::new(on_session_expired)))
    }

    /// Does not require the global claim validators.
    #[must_use]
    pub fn without_global_validators(self) -> Self {
        self.with(|guard| guard.with_global_validators = false)
    }

    fn with(mut self, set: impl FnOnce(&mut Guarded)) -> Self {
        set(self.guard.as_mut().expect("a guarded route"));
        self
    }
}

impl View {
    /// A login page that navigates back when a user is signed in, by default to this path.
    pub fn login(default: &'static str) -> Self {
        Self::All(vec![
            Self::Text("login page"),
            Self::ReturnLink("back", default),
            Self::ReturnWhenSignedIn(default),
        ])
    }

    /// Counts the builds, removals and renders of this view.
    #[must_use]
    pub fn counted(self, probe: Probe) -> Self {
        Self::Counted(probe, Box::new(self))
    }

    /// The component `SignedIn` without a requirement.
    pub fn signed_in(view: Self, fallback: Self, loading: Self) -> Self {
        Self::SignedIn {
            require: None,
            view: Box::new(view),
            fallback: Box::new(fallback),
            loading: Box::new(loading),
        }
    }

    /// The component `SignedIn` with a requirement.
    pub fn allowed(
        require: impl Fn() -> Require + 'static,
        view: Self,
        fallback: Self,
        loading: Self,
    ) -> Self {
        Self::SignedIn {
            require: Some(Rc::new(require)),
            view: Box::new(view),
            fallback: Box::new(fallback),
            loading: Box::new(loading),
        }
    }
}

/// An app with a login page, a step-up page at `/verify`, and a guarded page at `/guarded`.
pub(crate) fn guarded(client: SessionClient, probe: Probe, require: impl Fn() -> Require + 'static) -> Site {
    Site::new(client, probe).routes([
        Route::open("/login", View::Text("login page")),
        Route::open("/verify", View::StepUp),
        Route::guarded("/guarded", View::Secret.counted(probe))
            .require(require)
            .fallback(FALLBACK)
            .denied(View::Reasons),
    ])
}

/// Opens the app of [`guarded`].
pub(crate) async fn open_guarded<F: Framework>(
    at: &str,
    client: SessionClient,
    probe: Probe,
    require: impl Fn() -> Require + 'static,
) -> Page {
    guarded(client, probe, require).open::<F>(at).await
}
