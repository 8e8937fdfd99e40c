//! Recognises a sign-in by a SuperTokens recipe.

use crate::{
    config::SessionConfig,
    platform::{Method, TransportRequest},
    wire::json::Fields,
};

/// The last path segment of the recipes' sign-in calls. Segments of a tenant or a recipe may precede it.
const SIGN_IN_SEGMENTS: [&str; 4] = ["signin", "signup", "signinup", "consume"];

/// A larger body is not a sign-in response.
const MAX_LEN: usize = 64 * 1024;

/// Whether a request is a sign-in or sign-up call of a SuperTokens recipe.
pub fn is_sign_in(request: &TransportRequest, config: &SessionConfig) -> bool {
    if request.method != Method::Post {
        return false;
    }
    let sign_out = config.sign_out_url().path();
    let base = sign_out.strip_suffix("signout").unwrap_or(sign_out);
    let last = request.url.path().strip_prefix(base).and_then(|rest| rest.rsplit('/').next());
    last.is_some_and(|last| SIGN_IN_SEGMENTS.contains(&last))
}

/// Whether a body shows that a user has signed in or up: `{ "status": "OK", "user": {…} }`.
///
/// ```
/// use supertokens_session::internal::sign_in_response::has_signed_in;
///
/// assert!(has_signed_in(br#"{"status":"OK","user":{"id":"u"}}"#));
/// assert!(!has_signed_in(br#"{"status":"WRONG_CREDENTIALS_ERROR"}"#));
/// ```
pub fn has_signed_in(body: &[u8]) -> bool {
    let response = if body.len() <= MAX_LEN { Fields::of_body(body) } else { None };
    response.is_some_and(|response| {
        let user = response.get("user").and_then(Fields::read);
        response.string("status").as_deref() == Some("OK") && user.is_some_and(|user| !user.is_empty())
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn is(method: Method, url: &str) -> bool {
        let config = SessionConfig::builder("https://api.example.com").build().unwrap();
        let url = config.resolve(url).unwrap();
        let headers = Default::default();
        is_sign_in(
            &TransportRequest { method, url, headers, body: Default::default(), credentials: None },
            &config,
        )
    }

    #[test]
    fn sign_in_calls_of_all_recipes_and_tenants_are_recognised() {
        for url in [
            "/auth/signin",
            "/auth/signup?rid=x",
            "/auth/signinup",
            "/auth/signinup/code/consume",
            "/auth/public/signin",
            "/auth/webauthn/signup",
        ] {
            assert!(is(Method::Post, url), "{url}");
            assert!(!is(Method::Get, url), "{url}");
        }
        for url in
            ["/auth/signout", "/auth/session/refresh", "/auth/signinup/code", "/signin", "/auth/x?/signin"]
        {
            assert!(!is(Method::Post, url), "{url}");
        }
    }

    #[test]
    fn only_a_success_with_a_user_is_a_sign_in() {
        for body in [
            "",
            "[]",
            r#"["OK",{"id":"u"}]"#,
            r#"{"status":"OK"}"#,
            r#"{"status":"OK","user":null}"#,
            r#"{"status":"OK","user":{}}"#,
            r#"{"status":"SIGN_IN_NOT_ALLOWED","user":{"id":"u"}}"#,
        ] {
            assert!(!has_signed_in(body.as_bytes()), "{body}");
        }
        let padded = |len: usize| format!(r#"{{"status":"OK","user":{{"id":"{}"}}}}"#, "u".repeat(len));
        assert!(has_signed_in(padded(60_000).as_bytes()) && !has_signed_in(padded(70_000).as_bytes()));
    }
}
