//! What a server knows about the session of the request that it renders.

use leptos::prelude::*;
use supertokens_session::claims::Require;
use supertokens_ui::{OnServer, ServerRequest};

/// Creates the provider's context on a server. In a browser there is none.
pub(crate) fn start(login: &str, global: Option<Require>) -> Option<OnServer> {
    (!cfg!(target_arch = "wasm32")).then(|| OnServer::new(request(), login.to_owned(), global))
}

/// The context of the nearest provider. In a browser there is none, so the linker drops all code of a server.
pub(crate) fn current() -> Option<OnServer> {
    if cfg!(target_arch = "wasm32") { None } else { use_context() }
}

#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
fn request() -> Option<ServerRequest> {
    crate::server::current_request()
}

#[cfg(not(all(feature = "ssr", not(target_arch = "wasm32"))))]
fn request() -> Option<ServerRequest> {
    None
}
