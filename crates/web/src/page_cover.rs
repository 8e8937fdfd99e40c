use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::page::Page;

/// Hides the whole page for as long as one is there, without taking anything out of it: what is typed, the focus and
/// the place scrolled to stay.
#[must_use = "the page shows again once it is dropped"]
#[derive(Debug)]
pub struct PageCover(());

thread_local! {
    static VEILS: RefCell<Veils> = const { RefCell::new(Veils { count: 0, before: None }) };
}

struct Veils {
    count: usize,
    /// The root element's own styles.
    before: Option<[(&'static str, String, String); 2]>,
}

/// The first hides all that inherits it, dialogs too; the second also hides what says otherwise.
const STYLES: [(&str, &str); 2] = [("visibility", "hidden"), ("opacity", "0")];

impl PageCover {
    /// Hides the page; none where there is no page to hide.
    pub fn draw() -> Option<Self> {
        let style = root_style()?;
        VEILS.with_borrow_mut(|veils| {
            veils.count += 1;
            veils.before.get_or_insert_with(|| {
                STYLES.map(|(name, hidden)| {
                    let before = (name, style.property_value(name), style.property_priority(name));
                    // Set by script and not as an attribute: no content security policy forbids it.
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
        let before = VEILS.with_borrow_mut(|veils| {
            veils.count = veils.count.saturating_sub(1);
            veils.before.take_if(|_| veils.count == 0)
        });
        if let (Some(before), Some(style)) = (before, root_style()) {
            for (name, value, priority) in before {
                // Without a value it removes the property.
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

// What is needed of `CssStyleDeclaration`.
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
