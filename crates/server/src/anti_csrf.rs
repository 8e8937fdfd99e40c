use http::{HeaderMap, Method};
use supertokens_session::internal::names::{ANTI_CSRF, RID};

use crate::access_token::SentToken;

/// How the backend protects calls that carry the session in a cookie from other sites. Set the same value as in the
/// backend SDK (`antiCsrf`).
///
/// The check applies to calls only, never to pages. It does not apply to a call with `Authorization: Bearer`, nor to the
/// methods GET, HEAD, OPTIONS and TRACE: they must change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AntiCsrf {
    /// No check (`NONE`). Use it only if the cookies are `SameSite=Lax` or `Strict`.
    #[default]
    None,
    /// The header `anti-csrf` must equal the claim `antiCsrfToken` (`VIA_TOKEN`).
    ViaToken,
    /// The header `rid` must be there (`VIA_CUSTOM_HEADER`), which other sites can send only after a preflight. The
    /// backend SDK chooses it by default if its cookies are `SameSite=None`.
    ViaCustomHeader,
}

impl AntiCsrf {
    /// Whether a call with the token in a cookie may pass. An unknown method counts as one that changes something.
    pub(crate) fn allows(self, method: Option<&Method>, headers: &HeaderMap, token: &SentToken<'_>) -> bool {
        if method.is_some_and(Method::is_safe) {
            return true;
        }
        match self {
            Self::None => true,
            Self::ViaToken => token.text("antiCsrfToken").is_some_and(|expected| {
                headers.get(ANTI_CSRF).is_some_and(|sent| sent.as_bytes() == expected.as_bytes())
            }),
            Self::ViaCustomHeader => headers.contains_key(RID),
        }
    }
}
