use std::time::Duration;

use crate::reader::{Object, Read};

/// A user, with all the ways in which the user can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    pub id: String,
    /// Whether other users may be linked to this one.
    pub is_primary_user: bool,
    /// The tenants that the user belongs to.
    pub tenant_ids: Vec<String>,
    /// The e-mail addresses of all login methods.
    pub emails: Vec<String>,
    /// The phone numbers of all login methods.
    pub phone_numbers: Vec<String>,
    /// The accounts at third-party providers.
    pub third_party: Vec<ThirdPartyId>,
    /// The login methods. Backends before 2023 leave them out.
    pub login_methods: Vec<LoginMethod>,
    /// When the user signed up, since the Unix epoch.
    pub time_joined: Duration,
}

/// An account at a third-party provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThirdPartyId {
    /// The provider's id, such as `google`.
    pub id: String,
    /// The user's id at the provider.
    pub user_id: String,
}

/// A way in which a user can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginMethod {
    /// The recipe, such as `emailpassword`.
    pub recipe_id: String,
    /// The id of this login method's user.
    pub recipe_user_id: String,
    /// The tenants in which this method works.
    pub tenant_ids: Vec<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
    /// The account at a third-party provider.
    pub third_party: Option<ThirdPartyId>,
    /// Whether the e-mail address or phone number is verified.
    pub is_verified: bool,
    /// When the user signed up with this method, since the Unix epoch.
    pub time_joined: Duration,
}

impl User {
    /// The field `user` of a response.
    pub(crate) fn read(response: &Object) -> Read<Self> {
        response.object("user", |user| {
            let mut emails = user.texts("emails")?;
            // Backends before 2023 have one e-mail address.
            if emails.is_empty() {
                emails.extend(user.optional_text("email")?);
            }
            Ok(Self {
                id: user.text("id")?,
                is_primary_user: user.optional_flag("isPrimaryUser")?.unwrap_or_default(),
                tenant_ids: user.texts("tenantIds")?,
                emails,
                phone_numbers: user.texts("phoneNumbers")?,
                // Backends before 2023 have one account, in an object.
                third_party: match user.optional_object("thirdParty", ThirdPartyId::read) {
                    Ok(account) => account.into_iter().collect(),
                    Err(_) => user.objects("thirdParty", ThirdPartyId::read)?,
                },
                login_methods: user.objects("loginMethods", LoginMethod::read)?,
                time_joined: time(user)?,
            })
        })
    }
}

impl ThirdPartyId {
    fn read(account: &Object) -> Read<Self> {
        Ok(Self { id: account.text("id")?, user_id: account.text("userId")? })
    }
}

impl LoginMethod {
    fn read(method: &Object) -> Read<Self> {
        Ok(Self {
            recipe_id: method.text("recipeId")?,
            recipe_user_id: method.text("recipeUserId")?,
            tenant_ids: method.texts("tenantIds")?,
            email: method.optional_text("email")?,
            phone_number: method.optional_text("phoneNumber")?,
            third_party: method.optional_object("thirdParty", ThirdPartyId::read)?,
            is_verified: method.optional_flag("verified")?.unwrap_or_default(),
            time_joined: time(method)?,
        })
    }
}

fn time(object: &Object) -> Read<Duration> {
    Ok(Duration::from_millis(object.optional_number("timeJoined")?.unwrap_or_default()))
}
