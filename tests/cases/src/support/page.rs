use std::any::Any;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::recorder::Recorder;

/// The page's window.
pub fn window() -> web_sys::Window {
    web_sys::window().unwrap()
}

/// The page's document.
pub fn document() -> web_sys::Document {
    window().document().unwrap()
}

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
    JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await.unwrap();
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
    /// Hides the page.
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

/// The origin of the page's URL.
pub fn origin() -> String {
    window().location().origin().unwrap()
}

/// The address of the link with this id.
pub fn link_to(id: &str) -> String {
    document().get_element_by_id(id).unwrap().get_attribute("href").unwrap()
}

/// How many entries the history has.
pub fn history_length() -> u32 {
    window().history().unwrap().length().unwrap()
}

/// A mounted view. When it is dropped, it unmounts the view and restores the URL.
pub struct Page {
    element: HtmlElement,
    recorder: Recorder,
    unmount: Option<Box<dyn Any>>,
    previous_path: String,
}

impl Page {
    /// Mounts a view on a page with the path `at`, and runs its first tasks. What `mount` returns unmounts the view when
    /// it is dropped.
    pub async fn open(at: &str, mount: impl FnOnce(HtmlElement) -> Box<dyn Any>) -> Self {
        // A framework may remove the previous page in a task.
        microtasks().await;
        let previous_path = path();
        wait_for_history_limit().await;
        replace_path(at);
        let element: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&element).unwrap();
        let recorder = Recorder::start(&element);
        let unmount = mount(element.clone());
        let page = Self { element, recorder, unmount: Some(unmount), previous_path };
        settle().await;
        page
    }

    /// The text that the user sees.
    pub fn text(&self) -> String {
        self.element.inner_text()
    }

    /// Whether the text was ever in the page, even for one mutation.
    pub fn ever_showed(&self, text: &str) -> bool {
        self.recorder.has_recorded(text)
    }

    /// Whether the page has such an element.
    pub fn has(&self, selector: &str) -> bool {
        self.element.query_selector(selector).unwrap().is_some()
    }

    /// The text of the element that the user sees.
    pub fn text_of(&self, selector: &str) -> String {
        self.find(selector).inner_text()
    }

    /// The texts of all such elements.
    pub fn texts_of(&self, selector: &str) -> Vec<String> {
        let found = self.element.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|at| found.item(at)?.text_content()).collect()
    }

    /// The whole content, with elements and attributes.
    pub fn html(&self) -> String {
        self.element.inner_html()
    }

    /// An attribute of the element.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.find(selector).get_attribute(name)
    }

    /// Focuses the element, if it can have the focus.
    pub fn focus(&self, selector: &str) {
        self.find(selector).focus().unwrap();
    }

    /// Whether the element has the focus.
    pub fn has_focus(&self, selector: &str) -> bool {
        document().active_element().as_ref() == Some(self.find(selector).as_ref())
    }

    /// Dispatches the event of a key to the element, and runs the tasks that follow. A browser takes no action of its own.
    pub async fn press(&self, selector: &str, key: &str) {
        let init = web_sys::KeyboardEventInit::new();
        init.set_bubbles(true);
        init.set_key(key);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.find(selector).dispatch_event(&event).unwrap();
        settle().await;
    }

    /// Clicks the element, and runs the tasks that follow.
    pub async fn click(&self, selector: &str) {
        self.find(selector).click();
        settle().await;
    }

    fn find(&self, selector: &str) -> HtmlElement {
        let found = self.element.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount.take();
        self.element.remove();
        replace_path(&self.previous_path);
    }
}

/// WebKit throws after 100 changes of the history in ten seconds, and the other engines ignore those after 200. So a test
/// that might reach the limit waits first.
async fn wait_for_history_limit() {
    let wait = js_sys::eval(
        "(() => {
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
            const isWebKit = navigator.userAgent.includes('AppleWebKit') && !navigator.userAgent.includes('Chrome');
            window.historyChanges = historyChanges.filter(time => time > Date.now() - 10_100);
            const most = isWebKit ? 60 : 160;
            return historyChanges.length < most ? 0 : historyChanges.at(-most) + 10_100 - Date.now();
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
    history.replace_state_with_url(&JsValue::NULL, "", Some(to)).unwrap();
}
