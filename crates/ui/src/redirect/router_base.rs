use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check};

/// What a router puts before the paths of an app: nothing, or a path without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouterBase(String);

impl RouterBase {
    /// The base as the router's setting has it.
    pub fn new(base: &str) -> Self {
        Self(base.trim_end_matches('/').to_owned())
    }

    /// For routers that show their base nowhere else: `link` is what the router made of the relative link `_`, in a route
    /// that has matched `matched`, while the page is at `path`.
    pub fn from_relative_link(link: &str, matched: &str, path: &str) -> Self {
        let resolved = link.strip_suffix('_').unwrap_or_default().trim_end_matches('/');
        let matched = match matched.trim_matches('/') {
            "" => String::new(),
            matched => format!("/{matched}"),
        };
        Self::new(match resolved.strip_suffix(&matched) {
            // The router puts no base before a route that begins with the same letters: the page's path shows it.
            Some("") => base_in(path, &matched),
            Some(base) => base,
            None => "",
        })
    }

    /// A path of the app as the browser has it. One that begins with the base is taken as it is.
    pub fn below(&self, path: &str) -> String {
        let first = path.split(['/', '?', '#']).next().unwrap_or_default();
        let rest = path.strip_prefix(self.0.as_str());
        let has_base = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
        if self.0.is_empty() || has_base || first.contains(':') {
            return path.to_owned();
        }
        format!("{}/{}", self.0, path.trim_start_matches('/'))
    }

    /// A path of the app, or a URL of its origin, that may be redirected to: checked without the base, and with it.
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
            assert_eq!(
                RouterBase::from_relative_link(link, matched, path),
                RouterBase(base.to_owned()),
                "{link} {matched} {path}"
            );
        }
    }

    #[test]
    fn paths_are_below_the_base_once() {
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
    fn what_comes_of_the_base_is_checked_too() {
        let origin = Url::parse("https://app.example").unwrap().origin().clone();
        let (base, rules) = (RouterBase("/app".to_owned()), RedirectRules::new(origin, "/app/login"));
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
