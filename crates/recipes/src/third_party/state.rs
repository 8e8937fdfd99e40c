//! The state of a redirect to a provider. Its format is that of supertokens-web-js.
//!
//! The provider sends the state back unchanged. An attacker's link to the app's page has another state, or none.

use base64::{Engine, prelude::BASE64_STANDARD};
use supertokens_session::{SessionClient, Url, internal::percent};

use super::RedirectUri;
use crate::{
    call::Response,
    json_text::JsonObject,
    page::{self, Area},
    reader::{Object, Read},
};

const NAME: &str = "supertokens-oauth-state-2";
const LIFETIME_MS: i64 = 10 * 60_000;
const STATE: &str = "stateForAuthProvider";
const THIRD_PARTY: &str = "thirdPartyId";
const EXPIRES: &str = "expiresAt";
const REDIRECT_URI: &str = "redirectURIOnProviderDashboard";
const TENANT: &str = "tenantId";
const CLIENT_TYPE: &str = "clientType";
const LINK: &str = "shouldTryLinkingWithSessionUser";
const VERIFIER: &str = "pkceCodeVerifier";
/// Other SDKs don't know it.
const LOGIN_PAGE_QUERY: &str = "loginPageQuery";

/// Why a redirect back from a provider is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidState {
    /// This tab has not begun a sign-in, it is already complete, or the browser has lost its state.
    Missing,
    /// The redirect has no state, or that of another sign-in.
    Foreign,
    /// The sign-in began more than ten minutes ago.
    Expired,
}

pub(super) struct RedirectState {
    state: String,
    third_party_id: String,
    expires_at_ms: i64,
    redirect_uri: String,
    pub(super) tenant_id: Option<String>,
    client_type: Option<String>,
    link_session_user: Option<bool>,
    pkce_code_verifier: Option<String>,
    pub(super) login_page_query: String,
}

impl RedirectState {
    pub(super) fn new(
        response: &Response<'_>,
        client: &SessionClient,
        third_party_id: String,
        back_to: &RedirectUri,
        pkce_code_verifier: Option<String>,
    ) -> Option<Self> {
        Some(Self {
            state: random_state(back_to.behind_backend())?,
            third_party_id,
            expires_at_ms: now_ms(client) + LIFETIME_MS,
            redirect_uri: back_to.at_provider().to_owned(),
            tenant_id: response.tenant.map(str::to_owned),
            client_type: back_to.client_type.clone(),
            link_session_user: response.link_session_user,
            pkce_code_verifier,
            login_page_query: page::login_page_query(),
        })
    }

    /// The provider's URL with the state; none if it is no http(s) URL.
    pub(super) fn add_to(&self, url: &str) -> Option<Url> {
        let (page, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let separator = if page.contains('?') { '&' } else { '?' };
        let state = percent::encode(&self.state);
        Url::parse(&format!("{page}{separator}state={state}{fragment}")).ok()
    }

    pub(super) fn store(&self, client: &SessionClient) {
        let stored = JsonObject::default()
            .text(STATE, &self.state)
            .text(THIRD_PARTY, &self.third_party_id)
            .json(EXPIRES, &self.expires_at_ms.to_string())
            .text(REDIRECT_URI, &self.redirect_uri)
            .optional_text(TENANT, self.tenant_id.as_deref())
            .optional_text(CLIENT_TYPE, self.client_type.as_deref())
            .optional_flag(LINK, self.link_session_user)
            .optional_text(VERIFIER, self.pkce_code_verifier.as_deref())
            .text(LOGIN_PAGE_QUERY, &self.login_page_query);
        page::store(client, Area::ThisTab, NAME, Some(&stored.finish()));
    }

    pub(super) fn clear(client: &SessionClient) {
        page::store(client, Area::ThisTab, NAME, None);
    }

    /// The stored state.
    pub(super) fn load(client: &SessionClient) -> Option<Self> {
        Self::read(&Object::read(&page::load(client, Area::ThisTab, NAME)?)?).ok()
    }

    /// The stored state, if the query has it.
    pub(super) fn check(client: &SessionClient, query: &[(String, String)]) -> Result<Self, InvalidState> {
        let state = Self::load(client).ok_or(InvalidState::Missing)?;
        let returned = query.iter().find(|(name, _)| name == "state");
        if returned.is_none_or(|(_, returned)| *returned != state.state) {
            return Err(InvalidState::Foreign);
        }
        let now_ms = now_ms(client);
        // A clock that was set back must not make a state last longer.
        if !(state.expires_at_ms - LIFETIME_MS..state.expires_at_ms).contains(&now_ms) {
            Self::clear(client);
            return Err(InvalidState::Expired);
        }
        Ok(state)
    }

    fn read(stored: &Object) -> Read<Self> {
        Ok(Self {
            state: stored.text(STATE)?,
            third_party_id: stored.text(THIRD_PARTY)?,
            expires_at_ms: stored.number(EXPIRES)?.try_into().unwrap_or(i64::MAX),
            redirect_uri: stored.text(REDIRECT_URI)?,
            tenant_id: stored.optional_text(TENANT)?,
            client_type: stored.optional_text(CLIENT_TYPE)?,
            link_session_user: stored.optional_flag(LINK)?,
            pkce_code_verifier: stored.optional_text(VERIFIER)?,
            login_page_query: stored.optional_text(LOGIN_PAGE_QUERY)?.unwrap_or_default(),
        })
    }

    /// The body of the sign-in.
    pub(super) fn to_body(&self, query: &[(String, String)]) -> JsonObject {
        let parameters = query.iter().fold(JsonObject::default(), |all, (name, value)| all.text(name, value));
        let redirect = JsonObject::default()
            .text(REDIRECT_URI, &self.redirect_uri)
            .json("redirectURIQueryParams", &parameters.finish())
            .optional_text(VERIFIER, self.pkce_code_verifier.as_deref());
        JsonObject::default()
            .text(THIRD_PARTY, &self.third_party_id)
            .optional_text(CLIENT_TYPE, self.client_type.as_deref())
            .json("redirectURIInfo", &redirect.finish())
            .optional_flag(LINK, self.link_session_user)
    }
}

/// 128 random bits, and the page to which the backend sends the user on. None if there is no random generator.
fn random_state(behind_backend: Option<&str>) -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    let random = format!("{:032x}", u128::from_be_bytes(bytes));
    let state =
        JsonObject::default().text("state", &random).optional_text("frontendRedirectURI", behind_backend);
    Some(BASE64_STANDARD.encode(state.finish()))
}

fn now_ms(client: &SessionClient) -> i64 {
    client.platform().map_or(0, |platform| platform.clock.now_ms())
}
