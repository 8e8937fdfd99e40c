use std::{cell::RefCell, collections::HashMap};

use example_shared::{
    focus::{focus_heading, focus_main},
    sign_in::with_query,
};
use web_sys::{HtmlElement, window};
use yew::prelude::*;
use yew_router::{
    AnyRoute,
    history::{BrowserHistory, History},
    prelude::{use_location, use_navigator},
};

/// Moves the focus from the clicked link to `main` on each navigation. Then the new heading takes it.
#[hook]
pub(crate) fn use_focus_after_navigation() {
    // In the first view, since a guard may redirect right after it. It listens until the component is unmounted.
    use_memo((), |()| {
        let history = BrowserHistory::new();
        let path = RefCell::new(history.location().path().to_owned());
        history.clone().listen(move || {
            let now = history.location().path().to_owned();
            if path.replace(now.clone()) != now {
                focus_main();
            }
        })
    });
}

/// The reference of a heading that takes the focus when it is in the page.
#[hook]
pub(crate) fn use_heading() -> NodeRef {
    let heading = use_node_ref();
    use_effect_with(heading.clone(), |heading| {
        if let Some(heading) = heading.cast::<HtmlElement>() {
            focus_heading(&heading);
        }
    });
    heading
}

/// A parameter of the current query.
#[hook]
pub(crate) fn use_query(name: &str) -> Option<String> {
    use_location()?.query::<HashMap<String, String>>().ok()?.remove(name).filter(|value| !value.is_empty())
}

/// The address of a page, with the parameters of the login page that the current query has.
#[hook]
pub(crate) fn use_page(page: &'static str) -> AttrValue {
    let location = use_location();
    with_query(page, location.as_ref().map_or("", |location| location.query_str())).into()
}

/// Navigates to a path, and replaces the current page in the history.
#[hook]
pub(crate) fn use_replace() -> Callback<String> {
    let navigator = use_navigator();
    Callback::from(move |path: String| {
        if let Some(navigator) = &navigator {
            navigator.replace(&AnyRoute::new(path));
        }
    })
}

/// The callback of a link within the app, which loads no new page.
#[hook]
pub(crate) fn use_link(href: &AttrValue) -> Callback<MouseEvent> {
    let (navigator, href) = (use_navigator(), href.clone());
    Callback::from(move |event: MouseEvent| {
        // The browser opens a new tab or window.
        if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
            return;
        }
        if let Some(navigator) = &navigator {
            event.prevent_default();
            navigator.push(&AnyRoute::new(href.as_str()));
            scroll_to(href.split_once('#').map(|(_, id)| id));
        }
    })
}

/// Scrolls to an element, or to the top of the page.
fn scroll_to(id: Option<&str>) {
    let Some(window) = window() else { return };
    match id.and_then(|id| window.document()?.get_element_by_id(id)) {
        Some(element) => element.scroll_into_view(),
        None => window.scroll_to_with_x_and_y(0.0, 0.0),
    }
}
