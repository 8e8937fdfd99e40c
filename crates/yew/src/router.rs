use std::{cell::RefCell, rc::Rc};

use supertokens_session::internal::redirect::Destination;
use supertokens_ui::{RouteLocation, Router, RouterBase};
use yew::prelude::*;
use yew_router::{
    AnyRoute,
    navigator::{Navigator, NavigatorKind},
    prelude::{use_location, use_navigator},
    query::Raw,
};

/// yew-router, for the component that called [`use_router`].
pub(crate) struct YewRouter {
    navigator: Navigator,
    base: RouterBase,
    /// The location with which the component was last rendered.
    location: RefCell<RouteLocation>,
}

/// The router. The component renders again when the user navigates.
///
/// # Panics
/// Outside a router.
#[hook]
pub(crate) fn use_router() -> Rc<YewRouter> {
    let (Some(navigator), Some(location)) = (use_navigator(), use_location()) else {
        #[allow(
            clippy::panic,
            reason = "like Yew's hooks: it is a mistake in the app's code that shows at the first run"
        )]
        {
            panic!("guards and return addresses need a router above them, such as <BrowserRouter>")
        }
    };
    let location = RouteLocation::new(location.path(), location.query_str(), location.hash());
    let router = use_memo(navigator, |navigator| YewRouter {
        base: RouterBase::new(navigator.basename().unwrap_or_default()),
        navigator: navigator.clone(),
        location: RefCell::new(location.clone()),
    });
    router.location.replace(location);
    router
}

impl Router for YewRouter {
    fn location(&self) -> RouteLocation {
        self.location.borrow().clone()
    }

    /// yew-router changes the URL first, and renders then.
    fn is_leaving(&self) -> bool {
        self.navigator.kind() == NavigatorKind::Browser
            && supertokens_web::page_path().is_some_and(|path| !self.location.borrow().has_path(&path))
    }

    fn base(&self) -> &RouterBase {
        &self.base
    }

    fn replace(&self, path: &str) {
        let is_path = path.is_empty() || path.starts_with('/');
        // yew-router adds its base again. For a full URL it would throw.
        let Some(path) = self.base.strip(path).filter(|_| is_path) else {
            return self.load(&Destination::Here(path.to_owned()));
        };
        if self.navigator.kind() == NavigatorKind::Browser {
            let is_root = path.is_empty() && self.navigator.basename().is_none();
            return self.navigator.replace(&AnyRoute::new(if is_root { "/" } else { path }));
        }
        // The other kinds take no query in a path, and no fragment.
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let route = AnyRoute::new(if path.is_empty() { "/" } else { path });
        if query.is_empty() {
            self.navigator.replace(&route);
        } else {
            let Ok(()) = self.navigator.replace_with_query(&route, Raw(query));
        }
    }
}
