//! The links between the pages.

use web_sys::window;

/// The page after a sign-in without a return address.
pub const HOME: &str = "/";

/// A link of the header.
pub struct NavLink {
    pub path: &'static str,
    /// The `data-testid`.
    pub id: &'static str,
    pub label: &'static str,
}

impl NavLink {
    const fn new(path: &'static str, id: &'static str, label: &'static str) -> Self {
        Self { path, id, label }
    }
}

pub const LINKS: [NavLink; 8] = [
    NavLink::new(HOME, "nav-dashboard", "Dashboard"),
    NavLink::new("/orders", "nav-orders", "Orders"),
    NavLink::new("/live", "nav-live", "Live"),
    NavLink::new("/invoices", "nav-invoices", "Invoices"),
    NavLink::new("/vault", "nav-vault", "Vault"),
    NavLink::new("/newsroom", "nav-newsroom", "Newsroom"),
    NavLink::new("/doors", "nav-doors", "Doors"),
    NavLink::new("/admin", "nav-admin", "Admin"),
];

/// A page with a requirement.
pub struct Door {
    pub path: &'static str,
    /// The `data-testid`.
    pub id: &'static str,
    pub title: &'static str,
    pub hint: &'static str,
}

pub const DOORS: [Door; 3] = [
    Door {
        path: "/doors/role",
        id: "door-role",
        title: "A page that requires a role",
        hint: "For administrators. An administrator can add the role on the page Admin.",
    },
    Door {
        path: "/doors/permission",
        id: "door-permission",
        title: "A page that requires a permission",
        hint: "For users who may write drafts. The role editor has this permission.",
    },
    Door {
        path: "/doors/nickname",
        id: "door-nickname",
        title: "A page with a condition of the app",
        hint: "For users with a nickname. Choose one on the dashboard.",
    },
];

/// Removes what `index.html` shows before the app starts.
pub fn remove_placeholder() {
    if let Some(placeholder) = window().and_then(|window| window.document()?.get_element_by_id("boot")) {
        placeholder.remove();
    }
}
