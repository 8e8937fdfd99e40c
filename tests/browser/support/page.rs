use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Lets everything that needs no more than the event loop happen.
pub async fn settle() {
    for _ in 0..5 {
        let later = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(later).await.unwrap();
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
    unmount: Option<Box<dyn std::any::Any>>,
    before: String,
}

impl Page {
    /// Mounts a view on a page whose address is `at`, and lets it settle.
    pub async fn open<N: IntoView + 'static>(at: &str, view: impl FnOnce() -> N + 'static) -> Self {
        let before = path();
        window().history().unwrap().push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(at)).unwrap();
        let element: web_sys::HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&element).unwrap();
        let unmount = mount_to(element.clone(), view);
        let page = Self { element, unmount: Some(Box::new(unmount)), before };
        settle().await;
        page
    }

    pub fn text(&self) -> String {
        self.element.inner_text()
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

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount.take();
        self.element.remove();
        let _ = window().history().unwrap().replace_state_with_url(
            &wasm_bindgen::JsValue::NULL,
            "",
            Some(&self.before),
        );
    }
}
