use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::page::Page;

/// Hides the whole page until it is dropped. The page keeps its inputs, its focus and its scroll position.
#[must_use = "the page is visible again when this is dropped"]
#[derive(Debug)]
pub struct PageCover(());

thread_local! {
    static COVERS: RefCell<Covers> = const { RefCell::new(Covers { count: 0, before: None }) };
}

struct Covers {
    count: usize,
    /// The root element's styles before the first cover.
    before: Option<[(&'static str, String, String); 2]>,
}

/// `visibility` hides all elements that inherit it, dialogs too. `opacity` also hides those that set `visibility:
/// visible`.
const STYLES: [(&str, &str); 2] = [("visibility", "hidden"), ("opacity", "0")];

impl PageCover {
    /// Hides the page. `None` if there is no page.
    pub fn draw() -> Option<Self> {
        let style = root_style()?;
        COVERS.with_borrow_mut(|covers| {
            covers.count += 1;
            covers.before.get_or_insert_with(|| {
                STYLES.map(|(name, hidden)| {
                    let before = (name, style.property_value(name), style.property_priority(name));
                    // A content security policy can forbid style attributes, but not this call.
                    let _ = style.set_property_with_priority(name, hidden, "important");
                    before
                })
            });
        });
        Some(Self(()))
    }
}

impl Drop for PageCover {
    fn drop(&mut self) {
        let before = COVERS.with_borrow_mut(|covers| {
            covers.count = covers.count.saturating_sub(1);
            covers.before.take_if(|_| covers.count == 0)
        });
        if let (Some(before), Some(style)) = (before, root_style()) {
            for (name, value, priority) in before {
                // An empty value removes the property.
                let _ = style.set_property_with_priority(name, &value, &priority);
            }
        }
    }
}

fn root_style() -> Option<Style> {
    let root = Page::current().ok()?.document().document_element()?;
    let style = js_sys::Reflect::get(&root, &"style".into()).ok()?;
    style.is_object().then(|| style.unchecked_into())
}

// The methods of `CssStyleDeclaration` that this needs.
#[wasm_bindgen]
extern "C" {
    type Style;

    #[wasm_bindgen(method, js_name = getPropertyValue)]
    fn property_value(this: &Style, name: &str) -> String;

    #[wasm_bindgen(method, js_name = getPropertyPriority)]
    fn property_priority(this: &Style, name: &str) -> String;

    #[wasm_bindgen(method, catch, js_name = setProperty)]
    fn set_property_with_priority(
        this: &Style,
        name: &str,
        value: &str,
        priority: &str,
    ) -> Result<(), JsValue>;
}
