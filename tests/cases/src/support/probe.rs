use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use supertokens_session::{SessionClient, platform::LocalBoxFuture};
use supertokens_ui::SessionStatus;

use super::{Backend, Response, settle};

/// What a case does with the session of an app.
pub trait SessionHandle {
    /// The session's client.
    fn client(&self) -> SessionClient;

    /// Checks again whether there is a session.
    fn recheck(&self);

    /// Starts a task that signs out.
    fn sign_out(&self);

    /// Waits for the first known status.
    fn ready(&self) -> LocalBoxFuture<'static, SessionStatus>;
}

/// Counts how often a view was built, removed and rendered, and stores the values that it showed and the app's session.
/// Its memory is never freed, so views of any framework can copy it.
#[derive(Clone, Copy)]
pub struct Probe(&'static Inner);

#[derive(Default)]
struct Inner {
    builds: Cell<u32>,
    removals: Cell<u32>,
    renders: Cell<u32>,
    shown: RefCell<Vec<String>>,
    session: RefCell<Option<Rc<dyn SessionHandle>>>,
    render_again: RefCell<Option<Box<dyn Fn()>>>,
}

impl Probe {
    /// Counts from zero.
    #[allow(clippy::new_without_default, reason = "a copy shares the counts, and a default would not")]
    pub fn new() -> Self {
        Self(Box::leak(Box::default()))
    }

    /// Sets the session of an app that starts, and what makes the app render its root again.
    pub fn start(&self, session: Rc<dyn SessionHandle>, render_again: impl Fn() + 'static) {
        self.0.session.replace(Some(session));
        self.0.render_again.replace(Some(Box::new(render_again)));
    }

    /// The app's session.
    pub fn session(&self) -> Rc<dyn SessionHandle> {
        self.0.session.borrow().clone().unwrap()
    }

    /// Makes the app call the functions of its requirements again. In Yew its root renders.
    pub async fn render_again(&self) {
        self.0.render_again.borrow().as_ref().unwrap()();
        settle().await;
    }

    /// Sends a request that gets this response.
    pub async fn receive(&self, backend: &Backend, response: Response) {
        backend.respond(response);
        self.session().client().get("/anything").send().await.unwrap();
        settle().await;
    }

    /// Sends a request whose response updates the payload of the user `u1`.
    pub async fn update(&self, backend: &Backend, payload: &str) {
        self.receive(backend, Response::session("u1", payload)).await;
    }

    /// Signs in, and gets this payload.
    pub async fn sign_in(&self, backend: &Backend, user: &str, payload: &str) {
        backend.respond(Response::session(user, payload));
        self.session().client().post("/auth/signin").send().await.unwrap();
        settle().await;
    }

    /// How often the view was built.
    pub fn builds(&self) -> u32 {
        self.0.builds.get()
    }

    /// The view is built.
    pub fn built(&self) {
        self.0.builds.set(self.0.builds.get() + 1);
    }

    /// How often the view was removed.
    pub fn removals(&self) -> u32 {
        self.0.removals.get()
    }

    /// The view is removed.
    pub fn removed(&self) {
        self.0.removals.set(self.0.removals.get() + 1);
    }

    /// How often the reader of a value ran, or the component that shows the view was rendered.
    pub fn renders(&self) -> u32 {
        self.0.renders.get()
    }

    /// The component that shows the view is rendered.
    pub fn rendered(&self) {
        self.0.renders.set(self.0.renders.get() + 1);
    }

    /// The last value that the reader got.
    pub fn shown(&self) -> String {
        self.0.shown.borrow().last().cloned().unwrap_or_default()
    }

    /// All values that the reader got.
    pub fn all_shown(&self) -> Vec<String> {
        self.0.shown.borrow().clone()
    }

    /// The reader runs, and gets this value.
    pub fn show(&self, value: impl std::fmt::Debug) {
        self.rendered();
        self.0.shown.borrow_mut().push(format!("{value:?}"));
    }
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
