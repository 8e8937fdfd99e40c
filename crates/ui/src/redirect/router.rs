use supertokens_session::{Origin, internal::redirect::Destination};

use super::RouterBase;

/// The router of the page, for one view. All paths include the router's base, as in the browser's URL.
pub trait Router {
    /// The location that the view's route matched.
    fn location(&self) -> RouteLocation;

    /// Whether the user has navigated to another page, which loads while this view is still shown.
    fn is_leaving(&self) -> bool;

    /// Like [`is_leaving`](Self::is_leaving), or the view is no longer shown. Without tracking, for a task.
    fn has_left(&self) -> bool {
        self.is_leaving()
    }

    /// The router's base.
    fn base(&self) -> &RouterBase;

    /// The page's origin. `None` if it is not http(s).
    fn origin(&self) -> Option<Origin> {
        supertokens_web::page_origin()
    }

    /// Navigates to a path with query and fragment, and replaces the current history entry.
    fn replace(&self, path: &str);

    /// Loads a page of another origin, and replaces the current history entry.
    fn load(&self, destination: &Destination) {
        // It fails only without a page.
        supertokens_web::navigate_to(destination).ok();
    }
}

/// A location of the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteLocation {
    pub(crate) path: String,
    pub(crate) query: String,
    fragment: String,
}

impl RouteLocation {
    /// Creates a location. The query may begin with `?`, and the fragment with `#`.
    pub fn new(path: impl Into<String>, query: impl Into<String>, fragment: impl Into<String>) -> Self {
        Self { path: path.into(), query: query.into(), fragment: fragment.into() }
    }

    /// Whether the location has this path.
    pub fn has_path(&self, path: &str) -> bool {
        self.path == path
    }

    /// The query, which may begin with `?`.
    pub fn query(&self) -> &str {
        &self.query
    }

    pub(crate) fn full_path(&self) -> String {
        let mut full = self.path.clone();
        for (prefix, text) in [('?', &self.query), ('#', &self.fragment)] {
            let text = text.trim_start_matches(prefix);
            if !text.is_empty() {
                full.push(prefix);
                full.push_str(text);
            }
        }
        full
    }
}
