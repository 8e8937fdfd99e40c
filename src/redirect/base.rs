use leptos::{prelude::*, reactive::computed::ArcMemo};
use leptos_router::{
    components::{A, AProps},
    hooks::use_matched,
    params::ParamsMap,
};
use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check};

/// What the router's `base` puts before the paths of an app: nothing, or a path without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// The base of the router that this is called below, while the page is at `path`.
    //
    // leptos_router (0.8) gives the base to no hook. It shows in what the router makes of a relative link.
    pub(crate) fn use_base(path: &str) -> Self {
        // Provided by each route, and by nothing above: outside of routes `use_matched` panics.
        let is_in_route = use_context::<ArcMemo<ParamsMap>>().is_some();
        let matched = if is_in_route { use_matched().get_untracked() } else { String::new() };
        Self::of(&resolved_link().unwrap_or_default(), &matched, path)
    }

    /// `link` is what the router made of the relative link `_`, in a route that has matched `matched`.
    fn of(link: &str, matched: &str, path: &str) -> Self {
        let resolved = link.strip_suffix('_').unwrap_or_default().trim_end_matches('/');
        let matched = match matched.trim_matches('/') {
            "" => String::new(),
            matched => format!("/{matched}"),
        };
        let base = match resolved.strip_suffix(&matched) {
            // The router puts no base before a route that begins with the same letters: the page's path tells.
            Some("") => base_in(path, &matched),
            Some(base) => base,
            None => "",
        };
        Self(base.trim_end_matches('/').to_owned())
    }

    /// A path of the app as the browser has it. One that begins with the base already is taken as it is.
    pub(crate) fn below(&self, path: &str) -> String {
        let first = path.split(['/', '?', '#']).next().unwrap_or_default();
        let rest = path.strip_prefix(self.0.as_str());
        let has_base = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
        if self.0.is_empty() || has_base || first.contains(':') {
            return path.to_owned();
        }
        format!("{}/{}", self.0, path.trim_start_matches('/'))
    }

    /// A path of the app, or a URL of its origin, that may be redirected to: checked before the base comes to it, and
    /// after.
    pub(crate) fn checked(&self, target: &str, rules: &RedirectRules) -> Result<String, RedirectError> {
        let path = check(target, rules)?;
        if target.starts_with('/') { check(&self.below(&path), rules) } else { Ok(path) }
    }
}

/// The shortest beginning of `matched` after which `path` goes on with `matched`.
fn base_in<'a>(path: &str, matched: &'a str) -> &'a str {
    let ends = matched.char_indices().map(|(at, _)| at).chain([matched.len()]);
    let mut beginnings = ends.filter_map(|end| matched.get(..end));
    let is_base = |base: &&str| path.strip_prefix(*base).is_some_and(|rest| rest.starts_with(matched));
    beginnings.find(is_base).unwrap_or_default()
}

/// What the router makes of the relative link `_`. The link is not shown.
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use supertokens_session::wire::url::Url;

    use super::*;

    #[test]
    fn the_base_shows_in_a_relative_link() {
        for (link, matched, path, base) in [
            // Outside of routes.
            ("/_", "", "/orders", ""),
            ("/app/_", "", "/app/orders", "/app"),
            ("/app//_", "", "/app/orders", "/app"),
            // In a route.
            ("/orders/_", "/orders", "/orders", ""),
            ("/app/orders/_", "/orders", "/app/orders", "/app"),
            ("/app//orders/_", "/orders", "/app/orders", "/app"),
            ("/a/b/orders//_", "/orders/", "/a/b/orders/", "/a/b"),
            ("/app/_", "", "/app/", "/app"),
            ("/app/_", "/", "/app/", "/app"),
            ("/app/orders/7/_", "orders/7", "/app/orders/7", "/app"),
            // In a route that begins as the base does.
            ("/app-settings/_", "/app-settings", "/app/app-settings", "/app"),
            ("/admin/_", "/admin", "/a/admin/x", "/a"),
            ("/orders/_", "/orders", "/orders/orders", ""),
            ("", "/orders", "/orders", ""),
        ] {
            assert_eq!(Base::of(link, matched, path), Base(base.to_owned()), "{link} {matched} {path}");
        }
    }

    #[test]
    fn paths_are_below_the_base_once() {
        let base = Base("/app".to_owned());
        for (path, below) in [
            ("/", "/app/"),
            ("", "/app/"),
            ("/login?x=/app#y", "/app/login?x=/app#y"),
            ("login", "/app/login"),
            ("?x", "/app/?x"),
            ("/app", "/app"),
            ("/app?x", "/app?x"),
            ("/app/login", "/app/login"),
            ("/app/app/login", "/app/app/login"),
            ("/apple", "/app/apple"),
            ("//evil.example", "/app/evil.example"),
            ("https://app.example/login", "https://app.example/login"),
        ] {
            assert_eq!(base.below(path), below);
        }
        for path in ["/", "", "/login", "//x"] {
            assert_eq!(Base(String::new()).below(path), path);
        }
    }

    #[test]
    fn what_comes_of_the_base_is_checked_too() {
        let origin = Url::parse("https://app.example").unwrap().origin().clone();
        let (base, rules) = (Base("/app".to_owned()), RedirectRules::new(origin, "/app/login"));
        for (target, outcome) in [
            ("/orders?x#y", Ok("/app/orders?x#y")),
            ("/app/orders", Ok("/app/orders")),
            ("/x/../app/orders", Ok("/app/orders")),
            ("https://app.example/help", Ok("/help")),
            ("/login", Err(RedirectError::LoginPage)),
            ("/app/login/reset", Err(RedirectError::LoginPage)),
            ("//evil.example", Err(RedirectError::SchemeRelative)),
            ("/\\evil.example", Err(RedirectError::Character)),
        ] {
            assert_eq!(
                base.checked(target, &rules).as_deref(),
                outcome.as_ref().map(|path| *path),
                "{target}"
            );
        }
    }
}
