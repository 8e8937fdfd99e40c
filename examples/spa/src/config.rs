//! The app's settings: where the API is, and how the tokens travel.

use leptos::prelude::{document, window};
use supertokens_leptos::{ConfigError, SessionConfig, SessionSource, TokenTransferMethod};
use web_sys::Storage;

const TRANSFER_KEY: &str = "example-token-transfer";
/// Set to anything, all requests of the page take part in the session, and not just the client's.
const INTERCEPTION_KEY: &str = "example-interception";
const COOKIE: &str = "cookie";
const HEADER: &str = "header";

pub(crate) fn session_source() -> SessionSource {
    let source = SessionSource::from(session_config());
    let is_intercepted = storage().and_then(|storage| storage.get_item(INTERCEPTION_KEY).ok().flatten());
    if is_intercepted.is_some() { source.intercept_page() } else { source }
}

fn session_config() -> Result<SessionConfig, ConfigError> {
    SessionConfig::builder(api_domain()).token_transfer_method(transfer()).build()
}

/// What the server wrote into the page, or the page's own origin.
fn api_domain() -> String {
    let meta = document().query_selector("meta[name=api-domain]").ok().flatten();
    let written = meta.and_then(|meta| meta.get_attribute("content")).filter(|origin| !origin.is_empty());
    written.unwrap_or_else(|| window().location().origin().unwrap_or_default())
}

/// How the tokens travel: what was chosen on this device, or in cookies.
pub(crate) fn transfer() -> TokenTransferMethod {
    let chosen = storage().and_then(|storage| storage.get_item(TRANSFER_KEY).ok().flatten());
    match chosen.as_deref() {
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
    let kept = storage().is_some_and(|storage| storage.set_item(TRANSFER_KEY, name).is_ok());
    kept && window().location().reload().is_ok()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
