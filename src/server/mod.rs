//! The session on a server that renders pages: feature `ssr`.

use http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;
pub use supertokens_server::{
    AntiCsrf, PageSession, Reason, Refusal, RequestSession, SessionLayer, VerifiedSession, Verifier,
    VerifierError,
};
use supertokens_session::{Origin, Url, claims::Require};

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
    let Some((request, _)) = request_session() else { return Err(Refusal::no_layer()) };
    let session = request.call().and_then(|session| session.require(require).map(|()| session));
    // A page is rendered in a shared context, and a server function that the browser calls is not.
    if let Err(refusal) = &session
        && Owner::current_shared_context().is_none()
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
    request_session().ok_or_else(Refusal::no_layer)?.0.call()
}

/// The session of the current request, and the origin of the page.
pub(crate) fn request_session() -> Option<(RequestSession, Option<Origin>)> {
    let parts: Parts = use_context()?;
    let session = parts.extensions.get().cloned()?;
    Some((session, origin(&parts.headers)))
}

/// The origin as the browser sees it. A proxy in front of the server sends the forwarded headers.
fn origin(headers: &HeaderMap) -> Option<Origin> {
    let header = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        text.split(',').next().map(str::trim)
    };
    let host = header("x-forwarded-host").or_else(|| header(header::HOST.as_str()))?;
    let scheme = header("x-forwarded-proto").unwrap_or("http");
    Url::parse(&format!("{scheme}://{host}")).ok().map(|url| url.origin().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_what_the_browser_sees() {
        for (headers, expected) in [
            (&[("host", "localhost:3000")][..], Some("http://localhost:3000")),
            (
                &[
                    ("host", "10.0.0.1"),
                    ("x-forwarded-host", "app.example.com"),
                    ("x-forwarded-proto", "https"),
                ],
                Some("https://app.example.com"),
            ),
            (&[("host", "a.example"), ("x-forwarded-proto", "https, http")], Some("https://a.example")),
            (&[("host", "a b")], None),
            (&[("host", "a.example"), ("x-forwarded-proto", "javascript")], None),
            (&[], None),
        ] {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            let origin = origin(&headers.collect::<HeaderMap>());
            assert_eq!(origin.map(|origin| origin.to_string()).as_deref(), expected);
        }
    }
}
