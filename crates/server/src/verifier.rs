use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode, request::Parts};
use supertokens_session::{Url, UrlError};

use crate::{
    access_token::{SentToken, now},
    anti_csrf::AntiCsrf,
    cookies::SentTokens,
    key_fetch,
    key_set::{KeySet, Lookup},
    page::{AccessSession, FrontSession, PageSession, page_session},
    refusal::{Refusal, Statuses},
    request_session::RequestSession,
    verified::VerifiedSession,
};

/// Verifies the sessions of requests. Create one for the process: clones are cheap and share the cached keys.
///
/// Keys are fetched when the first token needs one, and stay cached for 4 hours. A token with an unknown key makes the
/// verifier fetch them again, at most every 5 s; after failures it waits 1 s, 2 s and so on, up to 30 s. A fetch takes at
/// most 3 s, follows no redirect and reads at most 256 KiB. Keys that were fetched stay in use while fetches fail.
///
/// ```
/// use http::HeaderMap;
/// use supertokens_server::{AntiCsrf, PageSession, Reason, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), supertokens_server::VerifierError> {
/// let verifier = Verifier::new("https://api.example.com", "/auth")?.anti_csrf(AntiCsrf::ViaToken);
///
/// let session = verifier.verify(&HeaderMap::new()).await;
/// assert!(matches!(session.page(), PageSession::SignedOut));
/// assert_eq!(session.call().unwrap_err().reason(), &Reason::Unauthorised);
///
/// assert!(Verifier::new("api.example.com", "/auth").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    settings: Arc<Settings>,
    keys: KeySet,
}

#[derive(Clone)]
struct Settings {
    leeway: Duration,
    issuer: Option<String>,
    anti_csrf: AntiCsrf,
    statuses: Statuses,
}

/// A wrong setting of a [`Verifier`]. The fault of the app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifierError {
    /// The URL of the API or of the key set.
    #[error("the URL of the API or of its keys is wrong: {0}")]
    Url(#[from] UrlError),
    /// The API's domain has a path, a query or a fragment.
    #[error("the API's domain must have no path: pass the path as the base path")]
    ApiDomain,
    /// The base path has a query, a fragment, `..` or a character that a URL encodes.
    #[error("the API's base path must be a normalized path such as /auth")]
    ApiBasePath,
    /// The system's TLS can't be set up, so no key could be fetched.
    #[error("no client for HTTPS can be created: check the system's certificates")]
    Client,
}

const DEFAULT_LEEWAY: Duration = Duration::from_secs(5);
/// `iat` is rounded down to whole seconds.
const ISSUED_AT_PRECISION: Duration = Duration::from_secs(1);

impl Verifier {
    /// A verifier for the tokens of this API. Both values are those of the backend SDK (`apiDomain`, `apiBasePath`; a
    /// gateway's path belongs to the base path).
    ///
    /// The keys are at `{api_domain}{api_base_path}/jwt/jwks.json`. The issuer is `{api_domain}{api_base_path}`.
    ///
    /// # Errors
    /// [`VerifierError`] if the values are no URL, or not the domain and the path of one.
    pub fn new(api_domain: &str, api_base_path: &str) -> Result<Self, VerifierError> {
        let domain = Url::parse(api_domain.trim())?;
        if domain.path_and_query() != "/" || domain.as_str().contains('#') {
            return Err(VerifierError::ApiDomain);
        }
        let base_path = match api_base_path.trim().trim_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        };
        let issuer = format!("{}{base_path}", domain.origin());
        let url = Url::parse(&format!("{issuer}/jwt/jwks.json"))?;
        if url.path() != format!("{base_path}/jwt/jwks.json") {
            return Err(VerifierError::ApiBasePath);
        }
        let client = key_fetch::client().map_err(|_| VerifierError::Client)?;
        let settings = Settings {
            leeway: DEFAULT_LEEWAY,
            issuer: Some(issuer),
            anti_csrf: AntiCsrf::default(),
            statuses: Statuses::default(),
        };
        Ok(Self { settings: Arc::new(settings), keys: KeySet::new(client, url.as_str().to_owned()) })
    }

    /// How far the clocks of this server and of the backend may differ: 5 s by default. A token counts as good for this
    /// time after its expiry.
    pub fn leeway(self, leeway: Duration) -> Self {
        self.with(|settings| settings.leeway = leeway)
    }

    /// The issuer that tokens must have (`iss`); none: it is not checked. By default it is the one of the backend SDK.
    pub fn issuer(self, issuer: Option<String>) -> Self {
        self.with(|settings| settings.issuer = issuer)
    }

    /// How calls are protected from other sites. No check by default: set the value of the backend SDK.
    pub fn anti_csrf(self, anti_csrf: AntiCsrf) -> Self {
        self.with(|settings| settings.anti_csrf = anti_csrf)
    }

    /// The status of a call without a valid session: 401 by default (`sessionExpiredStatusCode`).
    pub fn session_expired_status(self, status: StatusCode) -> Self {
        self.with(|settings| settings.statuses.session_expired = status)
    }

    /// The status of a call whose session lacks a claim: 403 by default (`invalidClaimStatusCode`).
    pub fn invalid_claim_status(self, status: StatusCode) -> Self {
        self.with(|settings| settings.statuses.invalid_claim = status)
    }

    /// Fetches the keys from this URL, such as that of a core behind the API (`/.well-known/jwks.json`).
    ///
    /// # Errors
    /// [`VerifierError::Url`] if it is no absolute http(s) URL.
    pub fn key_set_url(self, url: &str) -> Result<Self, VerifierError> {
        let url = Url::parse(url.trim())?;
        Ok(Self { keys: self.keys.at(url.as_str().to_owned()), ..self })
    }

    /// Verifies the session of a request by its headers. The method is unknown, so each call is checked as one that
    /// changes something: see [`AntiCsrf`].
    pub async fn verify(&self, headers: &HeaderMap) -> RequestSession {
        self.verify_request(headers, None).await
    }

    /// Verifies the session of a request.
    pub async fn verify_parts(&self, parts: &Parts) -> RequestSession {
        self.verify_request(&parts.headers, Some(&parts.method)).await
    }

    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(Arc::make_mut(&mut self.settings));
        self
    }

    async fn verify_request(&self, headers: &HeaderMap, method: Option<&Method>) -> RequestSession {
        let sent = SentTokens::read(headers);
        let (access, may_call) = match CallToken::choose(&sent) {
            CallToken::Bearer(token) => (self.check(token).await, true),
            CallToken::Cookie(token) => {
                let may_call = self.settings.anti_csrf.allows(method, headers, &token);
                (self.check(token).await, may_call)
            }
            CallToken::Unusable(found) => (found, true),
        };
        let call = self.call_session(&access, may_call);
        let page = self.page_session(&sent, access).await;
        // The session of the page is the same one, with its front token.
        let call = call.map(|session| page.session().cloned().unwrap_or(session));
        RequestSession::new(page, call)
    }

    fn call_session(&self, access: &AccessSession, may_call: bool) -> Result<VerifiedSession, Refusal> {
        let statuses = self.settings.statuses;
        match access {
            AccessSession::Absent | AccessSession::Malformed => Err(Refusal::unauthorised(statuses)),
            AccessSession::NotVerified => Err(Refusal::not_verified()),
            AccessSession::Verified(session) if may_call => Ok(session.clone()),
            _ => Err(Refusal::try_refresh_token(statuses)),
        }
    }

    async fn page_session(&self, sent: &SentTokens<'_>, mut access: AccessSession) -> PageSession {
        let front = FrontSession::read(sent.front, now(), self.settings.leeway);
        // Header mode's script stores the access token for pages. A call must not rely on it: other sites could send it.
        if let (AccessSession::Absent | AccessSession::Malformed, FrontSession::Good(_), Some(text)) =
            (&access, &front, sent.page_cookie)
        {
            access = match SentToken::parse(text) {
                Some(token) => self.check(token).await,
                None => AccessSession::Malformed,
            };
        }
        page_session(front, &access)
    }

    async fn check(&self, token: SentToken<'_>) -> AccessSession {
        let Settings { leeway, statuses, ref issuer, .. } = *self.settings;
        let has_expired = || token.expires_at().saturating_add(leeway) <= now();
        if !token.is_rs256() {
            return AccessSession::NotTrusted;
        }
        // Keys rotate, so an old token would cause a useless fetch.
        if has_expired() && !self.keys.has(token.key_id()) {
            return AccessSession::Expired;
        }
        let find_began_at = now();
        let latest_issue = token.issued_at().saturating_add(leeway).saturating_add(ISSUED_AT_PRECISION);
        let set = match self.keys.find(token.key_id()).await {
            Lookup::Found(set) => set,
            // A set that was fetched before the token came may be older than its key.
            Lookup::Missing(set) if set.requested_at < find_began_at && set.requested_at <= latest_issue => {
                return AccessSession::NotVerified;
            }
            Lookup::Missing(_) => return AccessSession::NotTrusted,
            Lookup::Unavailable => return AccessSession::NotVerified,
        };
        if !set.key(token.key_id()).is_some_and(|key| token.is_signed_by(key))
            || !token.has_claims(issuer.as_deref(), now(), leeway)
        {
            return AccessSession::NotTrusted;
        }
        if has_expired() {
            return AccessSession::Expired;
        }
        AccessSession::Verified(VerifiedSession::new(token, statuses))
    }
}

/// The access token that a call relies on.
enum CallToken<'a> {
    Bearer(SentToken<'a>),
    Cookie(SentToken<'a>),
    /// None, and what is found in its place.
    Unusable(AccessSession),
}

impl<'a> CallToken<'a> {
    fn choose(sent: &SentTokens<'a>) -> Self {
        // A bearer of another kind may be that of a gateway.
        if let Some(token) = sent.bearer.and_then(SentToken::parse) {
            return Self::Bearer(token);
        }
        match sent.cookie {
            Some(_) if sent.several_cookies => Self::Unusable(AccessSession::Ambiguous),
            Some(text) => {
                SentToken::parse(text).map_or(Self::Unusable(AccessSession::Malformed), Self::Cookie)
            }
            None => Self::Unusable(AccessSession::Absent),
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}
