//! Where the focus goes as pages come and go: to the new page's heading, for screen readers and the Tab key.

use leptos::{html::Main, prelude::*};
use leptos_router::hooks::use_location;
use web_sys::{Element, FocusOptions, HtmlElement, wasm_bindgen::JsCast};

/// Follows the pages below the frame that it was started in.
#[derive(Clone, Copy)]
pub(crate) struct Focus {
    main: NodeRef<Main>,
    has_shown: StoredValue<bool>,
}

impl Focus {
    /// Takes the focus off the link that led away, until the new heading takes it.
    pub(crate) fn follow(main: NodeRef<Main>) -> Self {
        let this = Self { main, has_shown: StoredValue::new(false) };
        let path = use_location().pathname;
        Effect::new(move |before: Option<String>| {
            let path = path.get();
            if before.is_some_and(|before| before != path) {
                this.to_main();
            }
            path
        });
        this
    }

    pub(crate) fn to_main(self) {
        if let Some(main) = self.main.get_untracked() {
            focus(&main);
        }
    }

    /// A heading has appeared. It takes the focus from nobody but the page before: not from a field that is being
    /// typed in, and not when the site is opened.
    pub(crate) fn heading_appears(self, heading: &HtmlElement) {
        let has_shown = self.has_shown.get_value();
        self.has_shown.set_value(true);
        let holder = document().active_element();
        let is_free = match holder.as_ref().map(Element::tag_name).as_deref() {
            Some("MAIN") => true,
            // What had the focus is gone.
            None | Some("BODY") => has_shown,
            Some(_) => false,
        };
        if is_free {
            focus(heading);
        }
    }
}

/// The node's own heading function: `on_load` of a `NodeRef`.
pub(crate) fn announce_heading<E>(node: NodeRef<E>)
where
    E: leptos::html::ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    let keeper: Option<Focus> = use_context();
    node.on_load(move |heading| {
        if let Some(keeper) = keeper {
            keeper.heading_appears(heading.as_ref());
        }
    });
}

fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that is gone can't be focused; then nothing is lost.
    element.focus_with_options(&options).ok();
}
