//! Moves the focus to the heading of each new page, for screen readers and the Tab key.

use std::cell::Cell;

use web_sys::{Document, Element, FocusOptions, HtmlElement, window};

thread_local! {
    static HAS_SHOWN_HEADING: Cell<bool> = const { Cell::new(false) };
}

/// Moves the focus from the clicked link to the element with the id `main`, after a navigation. Then the new heading
/// takes it.
pub fn focus_main() {
    use web_sys::wasm_bindgen::JsCast;

    let main = document().and_then(|document| document.get_element_by_id("main"));
    if let Some(main) = main.and_then(|main| main.dyn_into().ok()) {
        focus(&main);
    }
}

/// Focuses a new heading after a navigation, but not when the app opens, and not while the user types in a field.
pub fn focus_heading(heading: &HtmlElement) {
    let has_shown_heading = HAS_SHOWN_HEADING.replace(true);
    let focused = document().and_then(|document| document.active_element());
    let may_focus = match focused.as_ref().map(Element::tag_name).as_deref() {
        Some("MAIN") => true,
        // The focused element was removed.
        None | Some("BODY") => has_shown_heading,
        Some(_) => false,
    };
    if may_focus {
        focus(heading);
    }
}

fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // A removed element can't be focused, which does no harm.
    element.focus_with_options(&options).ok();
}

fn document() -> Option<Document> {
    window()?.document()
}
