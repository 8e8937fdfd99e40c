use supertokens_session::Url;
use supertokens_session::internal::redirect::{RedirectError, RedirectRules, check};

/// The path that a router puts before the paths of an app. It is empty, or has no slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouterBase(String);

impl RouterBase {
    /// Creates a base from the router's setting.
    pub fn new(base: &str) -> Self {
        Self(base.trim_end_matches('/').to_owned())
    }

    /// Finds the base of a router that has no API for it. `link` is the relative link `_` as the router resolved it, in
    /// a route that matched `matched`, while the page is at `path`.
    pub fn from_relative_link(link: &str, matched: &str, path: &str) -> Self {
        let resolved = link.strip_suffix('_').unwrap_or_default().trim_end_matches('/');
        let matched = match matched.trim_matches('/') {
            "" => String::new(),
            matched => format!("/{matched}"),
        };
        Self::new(match resolved.strip_suffix(&matched) {
            // leptos_router adds no base to a route that begins with the same letters, so the path shows it.
            Some("") => base_in(path, &matched),
            Some(base) => base,
            None => "",
        })
    }

    /// Adds the base to a path of the app. A path that already begins with the base stays the same.
    pub fn below(&self, path: &str) -> String {
        let first = path.split(['/', '?', '#']).next().unwrap_or_default();
        if self.0.is_empty() || self.strip(path).is_some() || first.contains(':') {
            return path.to_owned();
        }
        format!("{}/{}", self.0, path.trim_start_matches('/'))
    }

    /// Removes the base from a path. `None` if the path is not below the base.
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.0.as_str())?;
        (self.0.is_empty() || rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// Checks a redirect target, which is a path of the app or a URL of its origin, both without and with the base.
    pub(crate) fn checked(&self, target: &str, rules: &RedirectRules) -> Result<String, RedirectError> {
        let path = check(target, rules)?;
        let has_origin = Url::parse(target).is_ok();
        if has_origin { Ok(path) } else { check(&self.below(&path), rules) }
    }
}

/// The shortest prefix of `matched` after which `path` continues with `matched`.
fn base_in<'a>(path: &str, matched: &'a str) -> &'a str {
    let ends = matched.char_indices().map(|(at, _)| at).chain([matched.len()]);
    let mut prefixes = ends.filter_map(|end| matched.get(..end));
    let is_base = |base: &&str| path.strip_prefix(*base).is_some_and(|rest| rest.starts_with(matched));
    prefixes.find(is_base).unwrap_or_default()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use supertokens_session::UrlError;

    use super::*;

    #[test]
    fn the_base_is_found_in_a_relative_link() {
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
            // In a route that begins like the base.
            ("/app-settings/_", "/app-settings", "/app/app-settings", "/app"),
            ("/admin/_", "/admin", "/a/admin/x", "/a"),
            ("/orders/_", "/orders", "/orders/orders", ""),
            ("", "/orders", "/orders", ""),
        ] {
            assert_eq!(
                RouterBase::from_relative_link(link, matched, path),
                RouterBase(base.to_owned()),
                "{link} {matched} {path}"
            );
        }
    }

    #[test]
    fn the_base_is_added_to_a_path_once() {
        let base = RouterBase("/app".to_owned());
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
            assert_eq!(RouterBase(String::new()).below(path), path);
        }
    }

    #[test]
    fn the_base_is_removed_from_paths_below_it() {
        let base = RouterBase("/app".to_owned());
        for (path, stripped) in [
            ("/app/login?x#y", Some("/login?x#y")),
            ("/app", Some("")),
            ("/app?x", Some("?x")),
            ("/apple", None),
            ("/", None),
        ] {
            assert_eq!(base.strip(path), stripped, "{path}");
        }
        assert_eq!(RouterBase(String::new()).strip("/apple"), Some("/apple"));
    }

    #[test]
    fn a_target_is_checked_again_with_the_base() {
        let origin = Url::parse("https://app.example").unwrap().origin().clone();
        let (base, rules) = (RouterBase("/app".to_owned()), RedirectRules::new(origin, "/app/login"));
        for (target, outcome) in [
            ("/orders?x#y", Ok("/app/orders?x#y")),
            ("/app/orders", Ok("/app/orders")),
            ("orders", Ok("/app/orders")),
            (" /orders", Ok("/app/orders")),
            ("\\orders", Ok("/app/orders")),
            ("?x", Ok("/app/?x")),
            ("/x/../app/orders", Ok("/app/orders")),
            ("https://app.example/help", Ok("/help")),
            ("/login", Err(RedirectError::LoginPage)),
            ("/app/login/reset", Err(RedirectError::LoginPage)),
            ("//evil.example", Err(RedirectError::Url(UrlError::SchemeRelative))),
            ("/\\evil.example", Err(RedirectError::Url(UrlError::SchemeRelative))),
        ] {
            assert_eq!(
                base.checked(target, &rules).as_deref(),
                outcome.as_ref().map(|path| *path),
                "{target}"
            );
        }
    }
}
