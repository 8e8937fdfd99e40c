//! Moves the focus to the heading of each new page.

use example_shared::focus;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::{HtmlElement, wasm_bindgen::JsCast};

/// Moves the focus from the clicked link to `main` on each navigation. Then the new heading takes it.
pub(crate) fn follow_navigations() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            focus::focus_main();
        }
        path
    });
}

/// Focuses the heading when it is in the page.
pub(crate) fn focus_heading<E>(node: NodeRef<E>)
where
    E: leptos::html::ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    node.on_load(|heading| focus::focus_heading(heading.as_ref()));
}
