use supertokens_session::wire::redirect::Destination;

use super::RouterBase;

/// The router of the page, as a view sees it. All paths are those of the browser, with the router's base.
pub trait Router {
    /// The page that the view is on.
    fn location(&self) -> RouteLocation;

    /// Whether the user has navigated to another page, which is being loaded while this view is still shown.
    fn is_leaving(&self) -> bool;

    /// The router's base.
    fn base(&self) -> &RouterBase;

    /// Goes to a path with query and fragment, in place of the current page in the history.
    fn replace(&self, path: &str);

    /// Loads a page of another origin, in place of the current page in the history.
    fn load(&self, destination: &Destination) {
        // It fails where there is no page, and a server redirects nowhere.
        supertokens_web::navigate_to(destination).ok();
    }
}

/// A page of the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteLocation {
    pub(crate) path: String,
    pub(crate) query: String,
    fragment: String,
}

impl RouteLocation {
    /// The query and the fragment may begin with their signs.
    pub fn new(path: impl Into<String>, query: impl Into<String>, fragment: impl Into<String>) -> Self {
        Self { path: path.into(), query: query.into(), fragment: fragment.into() }
    }

    pub(crate) fn full_path(&self) -> String {
        let mut full = self.path.clone();
        for (sign, text) in [('?', &self.query), ('#', &self.fragment)] {
            let text = text.trim_start_matches(sign);
            if !text.is_empty() {
                full.push(sign);
                full.push_str(text);
            }
        }
        full
    }
}
