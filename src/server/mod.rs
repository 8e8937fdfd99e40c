//! The session on a server that renders pages: feature `ssr`.

use http::{header, request::Parts};
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
    caller(&request_session().ok_or_else(Refusal::no_layer)?.0)
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

/// The session of the current request, and the origin of the page.
pub(crate) fn request_session() -> Option<(RequestSession, Option<Origin>)> {
    let parts: Parts = use_context()?;
    let session = parts.extensions.get().cloned()?;
    Some((session, origin(&parts)))
}

/// The origin as the browser sees it. A proxy in front of the server sends the forwarded headers.
fn origin(Parts { headers, uri, .. }: &Parts) -> Option<Origin> {
    let header = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        text.split(',').next().map(str::trim)
    };
    // HTTP/2 has no `host` header.
    let authority = uri.authority().map(|authority| authority.as_str());
    let host = header("x-forwarded-host").or_else(|| header(header::HOST.as_str())).or(authority)?;
    let scheme = header("x-forwarded-proto").unwrap_or("http");
    Url::parse(&format!("{scheme}://{host}")).ok().map(|url| url.origin().clone())
}

#[cfg(test)]
mod tests {
    use http::Request;

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
            let mut request = Request::builder().uri("/orders");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            assert_eq!(text(request), expected.map(str::to_owned));
        }
        let http2 = Request::builder().uri("http://app.example.com/orders");
        assert_eq!(text(http2).as_deref(), Some("http://app.example.com"));
    }

    fn text(request: http::request::Builder) -> Option<String> {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        origin(&parts).map(|origin| origin.to_string())
    }
}
