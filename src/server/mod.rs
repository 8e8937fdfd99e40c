//! The session on a server that renders pages: feature `ssr`.

use http::request::Parts;
use leptos::prelude::*;
pub use supertokens_server::{
    AntiCsrf, PageSession, Reason, Refusal, RequestSession, SessionLayer, VerifiedSession, Verifier,
    VerifierError,
};
use supertokens_session::claims::Require;
use supertokens_ui::ServerRequest;

/// The session of the caller of a server function.
///
/// Without a session, the response becomes a 401, also if the function returns another error. The browser then refreshes
/// and calls the function again, if it uses [`SessionServerFnClient`](crate::SessionServerFnClient). If the session is
/// optional, use [`try_verified_session`].
///
/// It works while a server renders too. Then it leaves the response as it is.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{Require, SessionServerFnClient, server::{require_session, verified_session}};
///
/// #[server(client = SessionServerFnClient)]
/// async fn orders() -> Result<Vec<String>, ServerFnError> {
///     let session = verified_session().await?;
///     Ok(vec![format!("an order of {}", session.user_id())])
/// }
///
/// #[server(client = SessionServerFnClient)]
/// async fn delete_all() -> Result<(), ServerFnError> {
///     require_session(&Require::role("admin")).await?;
///     Ok(())
/// }
/// ```
///
/// # Errors
/// [`Refusal`] says why the caller has no session.
pub async fn verified_session() -> Result<VerifiedSession, Refusal> {
    require_session(&Require::session()).await
}

/// The session of the caller of a server function, if it fulfils a requirement. Otherwise the response becomes a 403 with
/// the claims that failed, and the browser fetches them again. See [`verified_session`].
///
/// # Errors
/// [`Refusal`] says why the caller has no session, or which claims failed.
pub async fn require_session(require: &Require) -> Result<VerifiedSession, Refusal> {
    let Some(request) = request_session() else { return Err(Refusal::no_layer()) };
    let session = caller(&request).and_then(|session| session.require(require).map(|()| session));
    if let Err(refusal) = &session
        && !is_rendering()
    {
        request.refuse(refusal);
    }
    session
}

/// The session of the caller of a server function. The response stays as it is.
///
/// # Errors
/// [`Refusal`] says why the caller has no session.
pub async fn try_verified_session() -> Result<VerifiedSession, Refusal> {
    caller(&request_session().ok_or_else(Refusal::no_layer)?)
}

/// While a page is rendered, its user is the caller: header mode has a cookie for pages that no call may rely on.
fn caller(request: &RequestSession) -> Result<VerifiedSession, Refusal> {
    match request.page().session().filter(|_| is_rendering()) {
        Some(session) => Ok(session.clone()),
        None => request.call(),
    }
}

/// A page is rendered in a shared context, and a server function that the browser calls is not.
fn is_rendering() -> bool {
    Owner::current_shared_context().is_some()
}

/// The session of the current request.
fn request_session() -> Option<RequestSession> {
    use_context::<Parts>()?.extensions.get().cloned()
}

/// The current request. `None` without a `SessionLayer`.
pub(crate) fn current_request() -> Option<ServerRequest> {
    ServerRequest::new(&use_context::<Parts>()?)
}
