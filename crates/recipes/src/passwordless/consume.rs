//! Signs in with a code or a magic link.

use std::fmt;

use supertokens_session::{SessionClient, SessionError, platform::Method};

use super::{LoginAttempt, attempt, endpoint};
use crate::{
    Call, User,
    call::Response,
    json_text::JsonObject,
    page,
    reader::{Object, Read},
};

/// Signs the user in with the code of the stored [attempt].
///
/// # Errors
/// See the [crate](crate#errors).
pub async fn consume_code(client: &SessionClient, code: &str) -> Result<ConsumeCode, SessionError> {
    let Some(attempt) = attempt(client) else { return Ok(ConsumeCode::RestartFlow) };
    let body = attempt.device().text("userInputCode", code);
    consume(client, attempt.tenant_id.as_deref(), body, Some(&attempt)).await
}

/// Signs the user in with a [magic link](magic_link_of_page).
///
/// # Errors
/// See the [crate](crate#errors).
pub async fn consume_link(client: &SessionClient, link: &MagicLink) -> Result<ConsumeCode, SessionError> {
    let body = JsonObject::default()
        .text("preAuthSessionId", &link.pre_auth_session_id)
        .text("linkCode", &link.link_code);
    let attempt = attempt(client).filter(|attempt| link.is_of(attempt));
    consume(client, link.tenant_id.as_deref(), body, attempt.as_ref()).await
}

async fn consume(
    client: &SessionClient,
    tenant: Option<&str>,
    body: JsonObject,
    attempt: Option<&LoginAttempt>,
) -> Result<ConsumeCode, SessionError> {
    let link = attempt.and_then(|attempt| attempt.link_session_user);
    let outcome = Call::new(client, endpoint(Method::Post, "/signinup/code/consume"), ConsumeCode::read)
        .tenant(tenant)
        .body(body.optional_flag("shouldTryLinkingWithSessionUser", link))
        .await?;
    if let Some(attempt) = attempt
        && matches!(outcome, ConsumeCode::Ok { .. } | ConsumeCode::RestartFlow)
    {
        attempt.end(client);
    }
    Ok(outcome)
}

/// The outcome of [`consume_code`] and [`consume_link`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsumeCode {
    /// The user is signed in.
    Ok {
        /// The user.
        user: User,
        /// Whether the user is new.
        created_new_user: bool,
    },
    /// The code is wrong.
    IncorrectCode(Attempts),
    /// The code is too old. The user needs a new one.
    ExpiredCode(Attempts),
    /// There is no attempt, it is too old, or there were too many wrong codes: the user has to start again.
    RestartFlow,
    /// The backend refuses the sign-in.
    NotAllowed {
        /// The backend's reason, with a code for the support.
        reason: String,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// How many wrong codes the user has entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempts {
    /// The wrong codes so far.
    pub failed: u64,
    /// The number of wrong codes that ends the attempt.
    pub max: u64,
}

impl Attempts {
    /// How many more codes the user may enter.
    pub fn left(self) -> u64 {
        self.max.saturating_sub(self.failed)
    }

    fn read(body: &Object) -> Read<Self> {
        let failed = body.number("failedCodeInputAttemptCount")?;
        Ok(Self { failed, max: body.number("maximumCodeInputAttempts")? })
    }
}

impl ConsumeCode {
    fn read(response: &Response<'_>) -> Read<Self> {
        let body = response.body;
        Ok(match response.status {
            "OK" => Self::Ok {
                user: User::read(body)?,
                // Backends before 2023 have another name.
                created_new_user: match body.optional_flag("createdNewRecipeUser")? {
                    Some(created) => created,
                    None => body.optional_flag("createdNewUser")?.unwrap_or_default(),
                },
            },
            "INCORRECT_USER_INPUT_CODE_ERROR" => Self::IncorrectCode(Attempts::read(body)?),
            "EXPIRED_USER_INPUT_CODE_ERROR" => Self::ExpiredCode(Attempts::read(body)?),
            "RESTART_FLOW_ERROR" => Self::RestartFlow,
            "SIGN_IN_UP_NOT_ALLOWED" => Self::NotAllowed { reason: body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// A magic link: the page that the user has opened from a mail or SMS.
#[derive(Clone, PartialEq, Eq)]
pub struct MagicLink {
    pre_auth_session_id: String,
    link_code: String,
    tenant_id: Option<String>,
}

/// The magic link in the URL of this page; none if this page is not of a magic link, or outside a browser.
///
/// Programs that check mails open links too. So call [`consume_link`] by itself only if the link
/// [is of this browser](MagicLink::is_of_this_browser); otherwise let the user click first.
#[doc(alias("getLinkCodeFromURL", "getPreAuthSessionIdFromURL"))]
pub fn magic_link_of_page() -> Option<MagicLink> {
    MagicLink::read(&page::query_parameters(), page::fragment())
}

/// For tests without a browser: [`magic_link_of_page`] on a page with this query and fragment.
#[doc(hidden)]
pub fn magic_link_of(query: &str, fragment: &str) -> Option<MagicLink> {
    MagicLink::read(&page::pairs(query), fragment.to_owned())
}

impl MagicLink {
    fn read(query: &[(String, String)], fragment: String) -> Option<Self> {
        let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let link_code = Some(fragment).filter(|code| !code.is_empty())?;
        Some(Self { pre_auth_session_id: get("preAuthSessionId")?, link_code, tenant_id: get("tenantId") })
    }

    /// Whether this browser has begun the attempt of this link. Another browser's link may be an attacker's.
    pub fn is_of_this_browser(&self, client: &SessionClient) -> bool {
        attempt(client).is_some_and(|attempt| self.is_of(&attempt))
    }

    fn is_of(&self, attempt: &LoginAttempt) -> bool {
        attempt.pre_auth_session_id == self.pre_auth_session_id
    }
}

/// Without the code, which signs the user in.
impl fmt::Debug for MagicLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MagicLink").field("tenant_id", &self.tenant_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_magic_link_has_a_session_in_its_query_and_a_code_in_its_fragment() {
        let link = magic_link_of("?preAuthSessionId=a%2Bb%3D&tenantId=acme", "code-1").unwrap();
        assert_eq!((link.pre_auth_session_id.as_str(), link.link_code.as_str()), ("a+b=", "code-1"));
        assert_eq!(link.tenant_id.as_deref(), Some("acme"));
        assert!(magic_link_of("?preAuthSessionId=a", "").is_none());
        assert!(magic_link_of("?x=a", "code").is_none());
        assert!(!format!("{link:?}").contains("code-1"));
    }
}
