use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type BrowserUrl;

    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn new(text: &str, base: &str) -> Result<BrowserUrl, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn href(this: &BrowserUrl) -> String;
}

/// The browser's `URL` is also the parser of `fetch`. Workers and Node have it too.
pub(super) fn normalize(text: &str, base: &str) -> Option<String> {
    Some(BrowserUrl::new(text, base).ok()?.href())
}
