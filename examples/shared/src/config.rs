//! The app's settings.

use supertokens_session::{ConfigError, SessionConfig, TokenTransferMethod};
use supertokens_ui::SessionSource;
use web_sys::{Location, Storage, window};

const TRANSFER_KEY: &str = "example-token-transfer";
/// If this key has a value, all requests of the page use the session, and not only those of the client.
const INTERCEPTION_KEY: &str = "example-interception";
const COOKIE: &str = "cookie";
const HEADER: &str = "header";

/// Set to `on` if pages of the same origin run the JavaScript SDK.
const SHARE_LOCK_KEY: &str = "example-share-lock";

pub fn session_source() -> SessionSource {
    let source = SessionSource::from(session_config());
    if stored(INTERCEPTION_KEY).is_some() { source.intercept_page() } else { source }
}

fn session_config() -> Result<SessionConfig, ConfigError> {
    let api_domain = meta_content("api-domain").unwrap_or_else(page_origin);
    let mut settings = SessionConfig::builder(api_domain)
        .token_transfer_method(transfer())
        .share_lock_with_javascript_sdk(stored(SHARE_LOCK_KEY).as_deref() == Some("on"));
    if let Some(origin) = meta_content("website-domain") {
        settings = settings.website_domain(origin);
    }
    if let Some(origin) = meta_content("return-origin") {
        settings = settings.allow_return_to(origin);
    }
    if let Some(domain) = meta_content("session-domain") {
        settings = settings.session_token_frontend_domain(&domain).session_token_backend_domain(domain);
    }
    settings.build()
}

/// The origin of this page.
pub fn page_origin() -> String {
    location().and_then(|location| location.origin().ok()).unwrap_or_default()
}

/// The content of a `meta` element, which the server writes.
fn meta_content(name: &str) -> Option<String> {
    let meta = window()?.document()?.query_selector(&format!("meta[name={name}]")).ok()??;
    meta.get_attribute("content").filter(|content| !content.is_empty())
}

/// The token transfer method that the user chose, or cookies.
pub fn transfer() -> TokenTransferMethod {
    match stored(TRANSFER_KEY).as_deref() {
        Some(HEADER) => TokenTransferMethod::Header,
        _ => TokenTransferMethod::Cookie,
    }
}

/// Stores the choice and reloads the page. Returns false if the browser blocks storage.
pub fn choose_transfer(method: TokenTransferMethod) -> bool {
    let name = match method {
        TokenTransferMethod::Cookie => COOKIE,
        TokenTransferMethod::Header => HEADER,
    };
    let is_stored = storage().is_some_and(|storage| storage.set_item(TRANSFER_KEY, name).is_ok());
    is_stored && location().is_some_and(|location| location.reload().is_ok())
}

/// The stored value of a key.
fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn location() -> Option<Location> {
    Some(window()?.location())
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}
