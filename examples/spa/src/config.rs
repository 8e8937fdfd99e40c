//! The app's settings: where the API is, and how the tokens travel.

use leptos::prelude::{document, window};
use supertokens_leptos::{ConfigError, SessionConfig, SessionSource, TokenTransferMethod};
use web_sys::Storage;

const TRANSFER_KEY: &str = "example-token-transfer";
/// Set to anything, all requests of the page take part in the session, and not just the client's.
const INTERCEPTION_KEY: &str = "example-interception";
const COOKIE: &str = "cookie";
const HEADER: &str = "header";

/// Set to `on` where pages of the same origin run the JavaScript SDK.
const SHARE_LOCK_KEY: &str = "example-share-lock";

pub(crate) fn session_source() -> SessionSource {
    let source = SessionSource::from(session_config());
    if chosen(INTERCEPTION_KEY).is_some() { source.intercept_page() } else { source }
}

fn session_config() -> Result<SessionConfig, ConfigError> {
    let api_domain = written("api-domain").or_else(|| window().location().origin().ok()).unwrap_or_default();
    let mut settings = SessionConfig::builder(api_domain)
        .token_transfer_method(transfer())
        .share_lock_with_javascript_sdk(chosen(SHARE_LOCK_KEY).as_deref() == Some("on"));
    if let Some(origin) = written("website-domain") {
        settings = settings.website_domain(origin);
    }
    if let Some(origin) = written("return-origin") {
        settings = settings.allow_return_to(origin);
    }
    settings.build()
}

/// What the server wrote into the page.
fn written(name: &str) -> Option<String> {
    let meta = document().query_selector(&format!("meta[name={name}]")).ok()??;
    meta.get_attribute("content").filter(|content| !content.is_empty())
}

/// How the tokens travel: what was chosen on this device, or in cookies.
pub(crate) fn transfer() -> TokenTransferMethod {
    match chosen(TRANSFER_KEY).as_deref() {
        Some(HEADER) => TokenTransferMethod::Header,
        _ => TokenTransferMethod::Cookie,
    }
}

/// Remembers the choice, and loads the page anew with it. False where the browser does not let it be remembered.
pub(crate) fn choose_transfer(method: TokenTransferMethod) -> bool {
    let name = match method {
        TokenTransferMethod::Cookie => COOKIE,
        TokenTransferMethod::Header => HEADER,
    };
    let stored = storage().is_some_and(|storage| storage.set_item(TRANSFER_KEY, name).is_ok());
    stored && window().location().reload().is_ok()
}

/// What is remembered on this device.
fn chosen(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
