//! Moves the focus to the heading of each new page, for screen readers and the Tab key.

use leptos::{html::Main, prelude::*};
use leptos_router::hooks::use_location;
use web_sys::{Element, FocusOptions, HtmlElement, wasm_bindgen::JsCast};

/// Moves the focus on navigation.
#[derive(Clone, Copy)]
pub(crate) struct Focus {
    main: NodeRef<Main>,
    has_shown_heading: StoredValue<bool>,
}

impl Focus {
    /// Moves the focus from the clicked link to `main` on each navigation. Then the new heading takes it.
    pub(crate) fn follow(main: NodeRef<Main>) -> Self {
        let this = Self { main, has_shown_heading: StoredValue::new(false) };
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

    /// Focuses a new heading after a navigation, but not when the app opens, and not while the user types in a field.
    fn on_heading(self, heading: &HtmlElement) {
        let has_shown_heading = self.has_shown_heading.get_value();
        self.has_shown_heading.set_value(true);
        let focused = document().active_element();
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
}

/// Focuses the heading when it is in the page.
pub(crate) fn focus_heading<E>(node: NodeRef<E>)
where
    E: leptos::html::ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    let focus: Option<Focus> = use_context();
    node.on_load(move |heading| {
        if let Some(focus) = focus {
            focus.on_heading(heading.as_ref());
        }
    });
}

fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // A removed element can't be focused, which does no harm.
    element.focus_with_options(&options).ok();
}
