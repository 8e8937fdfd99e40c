use supertokens_recipes::multi_tenancy::{self, LoginMethods, Provider};
use supertokens_session::SessionClient;

/// The tenant of links and settings that name none.
const DEFAULT_TENANT: &str = "public";

/// The ways in which users of a tenant can sign in. The default is only e-mail and password.
#[derive(Debug, Clone, PartialEq)]
pub struct Methods {
    pub has_password: bool,
    /// The text of the button for a sign-in with a code or a link.
    pub code: Option<&'static str>,
    pub providers: Vec<ProviderButton>,
}

/// The button of a third-party provider.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderButton {
    pub id: String,
    pub label: String,
}

impl Default for Methods {
    fn default() -> Self {
        Self { has_password: true, code: None, providers: Vec::new() }
    }
}

impl Methods {
    fn of(first_factors: &[String], providers: Vec<Provider>) -> Self {
        let has = |factor: &str| first_factors.iter().any(|one| one == factor);
        let providers = if has("thirdparty") { providers } else { Vec::new() };
        let methods = Self {
            has_password: has("emailpassword"),
            code: match (has("otp-email"), has("link-email")) {
                (true, true) => Some("Send me a code or link"),
                (true, false) => Some("Send me a code"),
                (false, true) => Some("Send me a link"),
                (false, false) => None,
            },
            providers: providers.into_iter().map(ProviderButton::of).collect(),
        };
        if methods.has_password || methods.has_others() { methods } else { Self::default() }
    }

    /// Whether there are methods besides e-mail and password.
    pub fn has_others(&self) -> bool {
        self.code.is_some() || !self.providers.is_empty()
    }
}

impl ProviderButton {
    fn of(Provider { id, name, .. }: Provider) -> Self {
        let label = format!("Continue with {}", name.as_ref().unwrap_or(&id));
        Self { id, label }
    }

    pub fn testid(&self) -> String {
        format!("continue-with-{}", self.id)
    }
}

/// The tenant's methods. If the server does not say, a user can still try e-mail and password.
pub async fn login_methods(client: SessionClient, tenant: Option<String>) -> Methods {
    match multi_tenancy::login_methods(&client).tenant(tenant.as_deref()).await {
        Ok(LoginMethods::Ok { first_factors, providers, .. }) => Methods::of(&first_factors, providers),
        Ok(_) | Err(_) => Methods::default(),
    }
}

/// The tenant to name on the page.
pub fn tenant_text(tenant: Option<&str>) -> Option<&str> {
    tenant.filter(|tenant| *tenant != DEFAULT_TENANT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn methods(factors: &[&str]) -> Methods {
        let factors: Vec<_> = factors.iter().map(|factor| (*factor).to_owned()).collect();
        Methods::of(&factors, Vec::new())
    }

    #[test]
    fn the_first_factors_decide_which_methods_are_shown() {
        assert_eq!(methods(&["emailpassword"]), Methods::default());
        assert_eq!(methods(&["emailpassword", "otp-email"]).code, Some("Send me a code"));
        let both = methods(&["link-email", "otp-email"]);
        assert_eq!((both.has_password, both.code), (false, Some("Send me a code or link")));
        assert_eq!(methods(&["webauthn"]), Methods::default(), "a page without a method helps no user");
    }

    #[test]
    fn the_default_tenant_needs_no_name() {
        assert_eq!(tenant_text(Some("acme")), Some("acme"));
        assert_eq!((tenant_text(Some("public")), tenant_text(None)), (None, None));
    }
}
