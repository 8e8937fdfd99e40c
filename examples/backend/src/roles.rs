//! The roles that a user may have, and what each allows.

const ALL: [(&str, &[&str]); 3] = [
    ("admin", &["users:read", "users:write"]),
    ("editor", &["drafts:write"]),
    ("user", &["orders:read", "orders:write"]),
];

/// The role of users who may read other users and change their roles.
pub(crate) const ADMIN: &str = "admin";
/// The role of each user after the sign-up.
pub(crate) const USER: &str = "user";

/// The role with this name.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    ALL.iter().map(|(role, _)| *role).find(|role| *role == name)
}

/// The permissions of these roles, in alphabetical order.
pub(crate) fn permissions(roles: &[&str]) -> Vec<&'static str> {
    let mut all: Vec<&str> = ALL
        .iter()
        .filter(|(role, _)| roles.contains(role))
        .flat_map(|(_, allowed)| *allowed)
        .copied()
        .collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::{find, permissions};

    #[test]
    fn each_role_adds_its_permissions() {
        assert_eq!(permissions(&["user"]), ["orders:read", "orders:write"]);
        assert_eq!(
            permissions(&["user", "editor", "admin"]),
            ["drafts:write", "orders:read", "orders:write", "users:read", "users:write"]
        );
        assert!(permissions(&[]).is_empty());
        assert_eq!((find("editor"), find("Editor")), (Some("editor"), None));
    }
}
