use std::rc::Rc;

use leptos::{
    prelude::*,
    reactive::computed::ArcMemo,
    task::{spawn_local, tick},
};
use leptos_router::{
    NavigateOptions,
    components::{A, AProps},
    hooks::{use_location, use_matched, use_navigate, use_url},
    location::{BrowserUrl, Location, LocationProvider, Url},
    params::ParamsMap,
};
use supertokens_ui::{RouteLocation, Router, RouterBase};

/// How many turns of the executor a redirect waits for the router to add the page to the history.
const MAX_WAIT_TICKS: usize = 100;

type Navigate = dyn Fn(&str, NavigateOptions);

/// leptos_router, for the view that called [`use_router`](Self::use_router).
#[derive(Clone)]
pub(crate) struct LeptosRouter {
    /// The router's location, which is already the next one during a navigation.
    location: Location,
    /// The URL that the view's route matched.
    url: ReadSignal<Url>,
    navigate: Rc<Navigate>,
    base: RouterBase,
}

impl LeptosRouter {
    #[track_caller]
    pub(crate) fn use_router() -> Self {
        let url = use_url();
        let base = url.with_untracked(|url| use_base(url.path()));
        Self { location: use_location(), url, navigate: Rc::new(use_navigate()), base }
    }

    /// Whether the browser's URL is already that of this page. `None` while the user leaves the page, and after that.
    fn is_in_history(&self) -> Option<bool> {
        let path = self.url.try_with_untracked(|url| url.path().to_owned())?;
        let next_path = self.location.pathname.try_get_untracked()?;
        (path == next_path).then(|| BrowserUrl::current().is_ok_and(|browser| browser.path() == path))
    }

    fn navigate(&self, path: &str, replace: bool) {
        // The path already includes the router's base, and `resolve` would add it again.
        let options = NavigateOptions { replace, resolve: false, ..NavigateOptions::default() };
        // The router removes trailing slashes from a path with query and fragment, but not from a full URL.
        match supertokens_web::page_origin().filter(|_| path.starts_with('/')) {
            Some(origin) => (self.navigate)(&format!("{origin}{path}"), options),
            None => (self.navigate)(path, options),
        }
    }
}

impl Router for LeptosRouter {
    fn location(&self) -> RouteLocation {
        self.url.with_untracked(|url| {
            // A browser sends no fragment to a server, and Leptos warns about each read of it there.
            let fragment = if cfg!(target_arch = "wasm32") { url.hash() } else { "" };
            RouteLocation::new(url.path(), url.search(), fragment)
        })
    }

    /// Tracks the location and the matched URL.
    fn is_leaving(&self) -> bool {
        let next_path = self.location.pathname.get();
        self.url.with(|url| url.path() != next_path)
    }

    /// A server has no user who leaves.
    fn has_left(&self) -> bool {
        let path = self.url.try_with_untracked(|url| url.path().to_owned());
        path.is_none() || path != self.location.pathname.try_get_untracked()
    }

    fn base(&self) -> &RouterBase {
        &self.base
    }

    /// The router adds a page to the history after it is built. Before that, this would replace the previous page.
    fn replace(&self, path: &str) {
        // A server has no history, and no local tasks.
        if !cfg!(target_arch = "wasm32") {
            return;
        }
        if self.is_in_history() == Some(true) {
            return self.navigate(path, true);
        }
        let (router, path) = (self.clone(), path.to_owned());
        spawn_local(async move {
            for _ in 0..MAX_WAIT_TICKS {
                match router.is_in_history() {
                    Some(true) => return router.navigate(&path, true),
                    Some(false) => tick().await,
                    // The user has left the page.
                    None => return,
                }
            }
            router.navigate(&path, false);
        });
    }
}

/// The base of the nearest router, while the page is at `path`. leptos_router 0.8 has no hook for the base, but adds it
/// to relative links.
fn use_base(path: &str) -> RouterBase {
    // Each route provides this context, and `use_matched` panics outside of routes.
    let is_in_route = use_context::<ArcMemo<ParamsMap>>().is_some();
    let matched = if is_in_route { use_matched().get_untracked() } else { String::new() };
    RouterBase::from_relative_link(&resolved_link().unwrap_or_default(), &matched, path)
}

/// The relative link `_` as the router resolves it. The link is not shown.
fn resolved_link() -> Option<String> {
    let owner = Owner::new();
    let link = owner.with(|| {
        let link = A(AProps::builder().href("_").children(Box::new(|| ().into_any())).build());
        href(link.into_any())
    });
    owner.cleanup();
    link
}

#[cfg(target_arch = "wasm32")]
fn href(link: AnyView) -> Option<String> {
    use leptos::tachys::view::{Mountable, Render};

    link.build().elements().first()?.get_attribute("href")
}

#[cfg(not(target_arch = "wasm32"))]
fn href(link: AnyView) -> Option<String> {
    let html = link.to_html();
    let (_, after) = html.split_once("href=\"")?;
    Some(after.split_once('"')?.0.to_owned())
}
