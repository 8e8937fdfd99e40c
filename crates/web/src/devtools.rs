//! What the developer panel of the adapters needs of the browser.

use js_sys::{Date, Function};
use wasm_bindgen::prelude::*;

use crate::page::Page;

#[wasm_bindgen(module = "/src/devtools.js")]
extern "C" {
    /// Adds a style sheet to the page, and returns a function that removes it.
    ///
    /// A Content-Security-Policy may forbid `style` elements, but not constructed style sheets. Browsers without these
    /// get an element.
    #[wasm_bindgen(js_name = addStyleSheet)]
    fn add_style_sheet(css: &str) -> Function;
}

/// A style sheet of the page, until it is dropped.
#[must_use = "dropping it removes the style sheet"]
#[derive(Debug)]
pub struct StyleSheet {
    remove: Function,
}

impl StyleSheet {
    /// Adds a style sheet after those of the page. `None` if there is no page.
    ///
    /// ```
    /// // This example does not run in a browser:
    /// assert!(supertokens_web::StyleSheet::add("p { color: red }").is_none());
    /// ```
    pub fn add(css: &str) -> Option<Self> {
        Page::current().ok()?;
        Some(Self { remove: add_style_sheet(css) })
    }
}

impl Drop for StyleSheet {
    fn drop(&mut self) {
        // It throws only if the page has replaced the list of style sheets by something else.
        let _ = self.remove.call0(&JsValue::UNDEFINED);
    }
}

/// The offset of the device's time zone at this time (ms since the Unix epoch), in minutes east of UTC. 0 if there is no
/// page.
///
/// ```
/// // This example does not run in a browser:
/// assert_eq!(supertokens_web::utc_offset_minutes(0), 0);
/// ```
pub fn utc_offset_minutes(at_ms: i64) -> i32 {
    if Page::current().is_err() {
        return 0;
    }
    // NaN, of a time that no date can have, becomes 0.
    -(Date::new(&JsValue::from_f64(at_ms as f64)).get_timezone_offset() as i32)
}
