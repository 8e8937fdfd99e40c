use crate::{
    api::{Api, User},
    who::ADMIN,
};

/// A change of a user's role.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleChange {
    pub email: String,
    pub role: &'static str,
    pub give: bool,
}

impl RoleChange {
    /// Adds the role, or removes it from a user who has it.
    pub fn toggle(email: &str, roles: &[String], role: &'static str) -> Self {
        Self { email: email.to_owned(), role, give: !roles.iter().any(|name| name == role) }
    }

    /// Makes the change. Returns the user's roles.
    pub async fn send(&self, api: Api) -> Result<Vec<String>, String> {
        Ok(api.set_role(&self.email, self.role, self.give).await?.roles)
    }

    /// Whether the user removes their own role admin, and so can't read the list any more.
    pub fn is_own_demotion(&self, own_email: Option<&str>) -> bool {
        self.is_own(own_email) && self.role == ADMIN && !self.give
    }

    pub fn message(&self, own_email: Option<&str>) -> String {
        let Self { email, role, give } = self;
        match (self.is_own(own_email), give) {
            (true, true) => format!("You now have the role {role}."),
            (true, false) => format!("You no longer have the role {role}."),
            (false, true) => format!("{email} now has the role {role}, which applies at the next refresh."),
            (false, false) => {
                format!("{email} no longer has the role {role}, which applies at the next refresh.")
            }
        }
    }

    fn is_own(&self, own_email: Option<&str>) -> bool {
        own_email == Some(&self.email)
    }
}

impl User {
    /// The name and the domain of the e-mail address.
    pub fn email_parts(&self) -> (&str, &str) {
        self.email.split_once('@').unwrap_or((&self.email, ""))
    }
}
