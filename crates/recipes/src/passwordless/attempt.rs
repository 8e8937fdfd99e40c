//! The stored attempt to sign in. Its format is that of supertokens-web-js.

use std::fmt;

use supertokens_session::SessionClient;

use crate::{
    call::Response,
    json_text::JsonObject,
    page::{self, Area},
    reader::{Object, Read},
};

const NAME: &str = "supertokens-passwordless-loginAttemptInfo";
const DEVICE: &str = "deviceId";
const PRE_AUTH_SESSION: &str = "preAuthSessionId";
const FLOW: &str = "flowType";
const CONTACT: &str = "contactInfo";
const TENANT: &str = "tenantId";
/// Other SDKs don't know it.
const LOGIN_PAGE_QUERY: &str = "loginPageQuery";
const LINK: &str = "shouldTryLinkingWithSessionUser";

/// An attempt to sign in: the code was sent, and the user has not entered it yet.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginAttempt {
    /// What the backend sent.
    pub flow: Flow,
    /// The e-mail address or phone number; empty if another SDK began the attempt.
    pub contact_info: String,
    /// The tenant; none for that of the settings.
    pub tenant_id: Option<String>,
    /// The query of the page that sent the code, such as `?redirectToPath=%2Forders`; empty without one. On the page of
    /// the magic link, navigate to the login page with it: its return address is as before.
    pub login_page_query: String,
    pub(super) device_id: String,
    pub(super) pre_auth_session_id: String,
    pub(super) link_session_user: Option<bool>,
}

/// What the backend sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flow {
    /// A code.
    Code,
    /// A magic link.
    MagicLink,
    /// Both: the user chooses.
    CodeAndMagicLink,
}

/// The stored attempt, also after a reload and in other tabs; none if there is none, or on a rendering server.
#[doc(alias = "getLoginAttemptInfo")]
pub fn attempt(client: &SessionClient) -> Option<LoginAttempt> {
    let stored = Object::read(&page::load(client, Area::AllTabs, NAME)?)?;
    LoginAttempt::read(&stored).ok()
}

/// Ends the attempt, for example if the user wants to change the address.
#[doc(alias = "clearLoginAttemptInfo")]
pub fn clear_attempt(client: &SessionClient) {
    page::store(client, Area::AllTabs, NAME, None);
}

impl LoginAttempt {
    /// The attempt that a response begins.
    pub(super) fn of(response: &Response<'_>, contact_info: String) -> Read<Self> {
        Ok(Self {
            contact_info,
            login_page_query: page::login_page_query(),
            tenant_id: response.tenant.map(str::to_owned),
            link_session_user: response.link_session_user,
            ..Self::read(response.body)?
        })
    }

    fn read(object: &Object) -> Read<Self> {
        Ok(Self {
            flow: match object.text(FLOW)?.as_str() {
                "USER_INPUT_CODE" => Flow::Code,
                "MAGIC_LINK" => Flow::MagicLink,
                _ => Flow::CodeAndMagicLink,
            },
            contact_info: object.optional_text(CONTACT)?.unwrap_or_default(),
            tenant_id: object.optional_text(TENANT)?,
            login_page_query: object.optional_text(LOGIN_PAGE_QUERY)?.unwrap_or_default(),
            device_id: object.text(DEVICE)?,
            pre_auth_session_id: object.text(PRE_AUTH_SESSION)?,
            link_session_user: object.optional_flag(LINK)?,
        })
    }

    pub(super) fn store(&self, client: &SessionClient) {
        let flow = match self.flow {
            Flow::Code => "USER_INPUT_CODE",
            Flow::MagicLink => "MAGIC_LINK",
            Flow::CodeAndMagicLink => "USER_INPUT_CODE_AND_MAGIC_LINK",
        };
        let stored = self.device().json("version", "1").text(FLOW, flow).text(CONTACT, &self.contact_info);
        let stored = stored.text(LOGIN_PAGE_QUERY, &self.login_page_query);
        let stored = stored.optional_text(TENANT, self.tenant_id.as_deref());
        let stored = stored.optional_flag(LINK, self.link_session_user).finish();
        page::store(client, Area::AllTabs, NAME, Some(&stored));
    }

    /// Clears the stored attempt, unless another tab has begun another one meanwhile.
    pub(super) fn end(&self, client: &SessionClient) {
        if attempt(client).is_some_and(|stored| stored.pre_auth_session_id == self.pre_auth_session_id) {
            clear_attempt(client);
        }
    }

    /// The ids by which the backend knows the attempt.
    pub(super) fn device(&self) -> JsonObject {
        JsonObject::default().text(DEVICE, &self.device_id).text(PRE_AUTH_SESSION, &self.pre_auth_session_id)
    }
}

/// Without the ids, which are half of a secret.
impl fmt::Debug for LoginAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginAttempt").field("flow", &self.flow).finish_non_exhaustive()
    }
}
