use leptos::{mount::mount_to, prelude::*};
use supertokens_leptos::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::Recorder;

/// Lets everything that needs no more than the event loop happen.
pub async fn settle() {
    for _ in 0..5 {
        let later = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(later).await.unwrap();
    }
}

/// All that is done before the browser paints.
pub async fn microtasks() {
    for _ in 0..50 {
        microtask().await;
    }
}

/// The least that can happen in between.
pub async fn microtask() {
    JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL)).await.unwrap();
}

/// Lets something happen to the page: the name of an event.
pub fn happens(event: &str) {
    window().dispatch_event(&web_sys::Event::new(event).unwrap()).unwrap();
}

/// The page goes into the back/forward cache (`pagehide`), or comes out of it (`pageshow`).
pub fn happens_by_the_cache(event: &str) {
    js_sys::eval(&format!("dispatchEvent(new PageTransitionEvent('{event}', {{ persisted: true }}))"))
        .unwrap();
}

/// Hides the page from sight, or not, until this is dropped.
#[must_use]
pub struct Sight;

impl Sight {
    pub fn hidden() -> Self {
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

    /// The page can be seen again.
    pub fn back(self) {
        let _seen = Self::set(false);
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        js_sys::eval("delete document.hidden").unwrap();
    }
}

/// The address bar's path, query and fragment.
pub fn path() -> String {
    let location = window().location();
    format!("{}{}{}", location.pathname().unwrap(), location.search().unwrap(), location.hash().unwrap())
}

/// A mounted view; gone, with the address bar as it was, when it is dropped.
pub struct Page {
    element: web_sys::HtmlElement,
    recorder: Recorder,
    unmount: Option<Box<dyn std::any::Any>>,
    before: String,
}

impl Page {
    /// Mounts a view on a page whose address is `at`, and lets it settle.
    pub async fn open<N: IntoView + 'static>(at: &str, view: impl FnOnce() -> N + 'static) -> Self {
        let before = path();
        wait_for_the_history().await;
        go(at);
        let element: web_sys::HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&element).unwrap();
        let recorder = Recorder::start(&element);
        let unmount = mount_to(element.clone(), view);
        let page = Self { element, recorder, unmount: Some(Box::new(unmount)), before };
        settle().await;
        page
    }

    pub fn text(&self) -> String {
        self.element.inner_text()
    }

    /// Whether that text was ever there, were it for one mutation.
    pub fn saw(&self, text: &str) -> bool {
        self.recorder.saw(text)
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

/// How often a view was built, and the session it saw.
#[derive(Clone, Copy)]
pub struct Seen {
    pub builds: StoredValue<u32>,
    taken_away: StoredValue<u32>,
    pub session: StoredValue<Option<Session>>,
}

impl Seen {
    pub fn new() -> Self {
        let owner = Owner::new();
        owner.set();
        let zero = || StoredValue::new(0);
        let seen = Self { builds: zero(), taken_away: zero(), session: StoredValue::new(None) };
        std::mem::forget(owner);
        seen
    }

    pub fn session(&self) -> Session {
        self.session.get_value().unwrap()
    }

    pub fn builds(&self) -> u32 {
        self.builds.get_value()
    }

    pub fn built(&self) {
        self.builds.update_value(|builds| *builds += 1);
    }

    pub fn taken_away(&self) {
        self.taken_away.update_value(|times| *times += 1);
    }

    pub fn times_taken_away(&self) -> u32 {
        self.taken_away.get_value()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount.take();
        self.element.remove();
        go(&self.before);
    }
}

/// WebKit refuses more than 100 changes of the history in ten seconds, of the router's and of ours. So where one test
/// might not get through with what is left, it waits for the next ten seconds.
async fn wait_for_the_history() {
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
        let later = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait as i32).unwrap();
        });
        JsFuture::from(later).await.unwrap();
    }
}

/// In place of the last address: a history has room for 50.
fn go(to: &str) {
    if path() == to {
        return;
    }
    let history = window().history().unwrap();
    history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(to)).unwrap();
}
