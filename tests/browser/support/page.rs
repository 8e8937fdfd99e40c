use leptos::{mount::mount_to, prelude::*};
use supertokens_leptos::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{Backend, Recorder, Response};

/// Runs all tasks that are ready.
pub async fn settle() {
    for _ in 0..5 {
        let timer = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(timer).await.unwrap();
    }
}

/// Runs all microtasks, as before the browser paints.
pub async fn microtasks() {
    for _ in 0..50 {
        microtask().await;
    }
}

/// Runs one microtask.
pub async fn microtask() {
    JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL)).await.unwrap();
}

/// Dispatches an event of this name to the window.
pub fn dispatch(event: &str) {
    window().dispatch_event(&web_sys::Event::new(event).unwrap()).unwrap();
}

/// Dispatches `pagehide` as when the page is stored in the back/forward cache, or `pageshow` as when it is restored.
pub fn dispatch_from_cache(event: &str) {
    js_sys::eval(&format!("dispatchEvent(new PageTransitionEvent('{event}', {{ persisted: true }}))"))
        .unwrap();
}

/// Overrides the page's visibility until it is dropped.
#[must_use]
pub struct Visibility;

impl Visibility {
    pub fn hide() -> Self {
        Self::set(true)
    }

    fn set(is_hidden: bool) -> Self {
        let code = format!(
            "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {is_hidden} }});
             document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
        );
        js_sys::eval(&code).unwrap();
        Self
    }

    /// Makes the page visible again.
    pub fn show(self) {
        let _visible = Self::set(false);
    }
}

impl Drop for Visibility {
    fn drop(&mut self) {
        js_sys::eval("delete document.hidden").unwrap();
    }
}

/// The path, query and fragment of the page's URL.
pub fn path() -> String {
    let location = window().location();
    format!("{}{}{}", location.pathname().unwrap(), location.search().unwrap(), location.hash().unwrap())
}

/// A mounted view. When it is dropped, it unmounts the view and restores the URL.
pub struct Page {
    element: web_sys::HtmlElement,
    recorder: Recorder,
    unmount: Option<Box<dyn std::any::Any>>,
    previous_path: String,
}

impl Page {
    /// Mounts a view on a page with the path `at`, and runs its first tasks.
    pub async fn open<N: IntoView + 'static>(at: &str, view: impl FnOnce() -> N + 'static) -> Self {
        let previous_path = path();
        wait_for_history_limit().await;
        replace_path(at);
        let element: web_sys::HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&element).unwrap();
        let recorder = Recorder::start(&element);
        let unmount = mount_to(element.clone(), view);
        let page = Self { element, recorder, unmount: Some(Box::new(unmount)), previous_path };
        settle().await;
        page
    }

    pub fn text(&self) -> String {
        self.element.inner_text()
    }

    /// Whether the text was ever in the page, even for one mutation.
    pub fn ever_showed(&self, text: &str) -> bool {
        self.recorder.has_recorded(text)
    }

    pub fn has(&self, selector: &str) -> bool {
        self.element.query_selector(selector).unwrap().is_some()
    }

    pub async fn click(&self, selector: &str) {
        let target =
            self.element.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}"));
        target.unchecked_into::<web_sys::HtmlElement>().click();
        settle().await;
    }
}

/// Counts how often a view was built and removed, and stores its session.
#[derive(Clone, Copy)]
pub struct Probe {
    pub builds: StoredValue<u32>,
    removals: StoredValue<u32>,
    pub session: StoredValue<Option<Session>>,
}

impl Probe {
    pub fn new() -> Self {
        let owner = Owner::new();
        owner.set();
        let zero = || StoredValue::new(0);
        let probe = Self { builds: zero(), removals: zero(), session: StoredValue::new(None) };
        std::mem::forget(owner);
        probe
    }

    pub fn session(&self) -> Session {
        self.session.get_value().unwrap()
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

    pub async fn sign_in(&self, backend: &Backend, user: &str, payload: &str) {
        backend.respond(Response::session(user, payload));
        self.session().client().post("/auth/signin").send().await.unwrap();
        settle().await;
    }

    pub fn builds(&self) -> u32 {
        self.builds.get_value()
    }

    pub fn built(&self) {
        self.builds.update_value(|builds| *builds += 1);
    }

    pub fn removed(&self) {
        self.removals.update_value(|removals| *removals += 1);
    }

    pub fn removals(&self) -> u32 {
        self.removals.get_value()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount.take();
        self.element.remove();
        replace_path(&self.previous_path);
    }
}

/// WebKit throws after 100 changes of the history in ten seconds, so a test that might reach the limit waits first.
async fn wait_for_history_limit() {
    let wait = js_sys::eval(
        "(() => {
            if (!navigator.userAgent.includes('AppleWebKit') || navigator.userAgent.includes('Chrome')) return 0;
            if (!window.historyChanges) {
                window.historyChanges = [];
                for (const name of ['pushState', 'replaceState']) {
                    const own = history[name];
                    history[name] = (...change) => {
                        historyChanges.push(Date.now());
                        own.apply(history, change);
                    };
                }
            }
            window.historyChanges = historyChanges.filter(time => time > Date.now() - 10_000);
            return historyChanges.length < 60 ? 0 : 10_100;
        })()",
    );
    let wait = wait.unwrap().as_f64().unwrap_or_default();
    if wait > 0.0 {
        let timer = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait as i32).unwrap();
        });
        JsFuture::from(timer).await.unwrap();
    }
}

/// Replaces the history entry, since a history has room for 50 entries.
fn replace_path(to: &str) {
    if path() == to {
        return;
    }
    let history = window().history().unwrap();
    history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(to)).unwrap();
}
