//! The Multitenancy recipe: the ways in which the users of a tenant can sign in.

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call,
    call::{Endpoint, Response},
    page,
    reader::{Object, Read},
};

/// The login methods of a tenant.
///
/// ```
/// use supertokens_recipes::multi_tenancy::{self, LoginMethods};
/// use supertokens_session::{SessionClient, SessionError};
///
/// async fn has_password(client: &SessionClient) -> Result<bool, SessionError> {
///     let tenant = multi_tenancy::tenant_of_page();
///     let methods = multi_tenancy::login_methods(client).tenant(tenant.as_deref()).await?;
///     Ok(matches!(methods, LoginMethods::Ok { first_factors, .. } if first_factors.iter().any(|f| f == "emailpassword")))
/// }
/// ```
///
/// # Errors
/// See the [crate](crate#errors). An unknown tenant is [`SessionError::Status`]; supertokens-node returns 500.
///
/// [`SessionError::Status`]: supertokens_session::SessionError::Status
#[doc(alias = "getLoginMethods")]
pub fn login_methods(client: &SessionClient) -> Call<LoginMethods> {
    let endpoint = Endpoint { recipe: "multitenancy", method: Method::Get, path: "/loginmethods" };
    Call::new(client, endpoint, LoginMethods::read)
}

/// The outcome of [`login_methods`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginMethods {
    /// The tenant's login methods.
    Ok {
        /// The factors with which a sign-in can begin, such as `emailpassword` or `otp-email`.
        first_factors: Vec<String>,
        /// The third-party providers; empty if that recipe is off.
        providers: Vec<Provider>,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// A third-party provider of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// The provider's id.
    pub id: String,
    /// The name for the button.
    pub name: Option<String>,
}

impl LoginMethods {
    fn read(response: &Response<'_>) -> Read<Self> {
        if response.status != "OK" {
            return Ok(Self::Other { status: response.status.to_owned() });
        }
        let provider = |provider: &Object| {
            Ok(Provider { id: provider.text("id")?, name: provider.optional_text("name")? })
        };
        let providers = response.body.optional_object("thirdParty", |third_party| {
            Ok(if third_party.flag("enabled")? {
                third_party.objects("providers", provider)?
            } else {
                Vec::new()
            })
        })?;
        Ok(Self::Ok {
            first_factors: response.body.texts("firstFactors")?,
            providers: providers.unwrap_or_default(),
        })
    }
}

/// The tenant in the URL of this page (`tenantId`), such as the page of a link in a mail; none outside a browser.
#[doc(alias = "getTenantIdFromURL")]
pub fn tenant_of_page() -> Option<String> {
    page::query_parameter("tenantId")
}
