//! Settings, and the faults in them.

use supertokens_server::{UrlError, Verifier, VerifierError};

use crate::support::*;

#[test]
fn wrong_settings_are_named() {
    for (domain, path) in [
        ("https://api.example.com", "/auth"),
        ("https://api.example.com/", "auth/"),
        (" http://localhost:3001 ", ""),
        ("https://api.example.com:8443", "/gateway/auth"),
    ] {
        assert!(Verifier::new(domain, path).is_ok(), "{domain} {path}");
    }
    let error = |domain| Verifier::new(domain, "/auth").unwrap_err();
    assert_eq!(error("api.example.com"), VerifierError::Url(UrlError::Scheme));
    assert_eq!(error("https://user@api.example.com"), VerifierError::Url(UrlError::UserInfo));
    for domain in ["https://api.example.com/auth", "https://api.example.com?a", "https://api.example.com#a"] {
        assert_eq!(error(domain), VerifierError::ApiDomain, "{domain}");
    }
    let error = |path| Verifier::new("https://api.example.com", path).unwrap_err();
    for path in
        ["/auth?a", "?a", "/auth#a", "/a/../auth", "..", "/auth/.", "/%2e%2e/auth", "/a\\b", "/a b", "/ä"]
    {
        assert_eq!(error(path), VerifierError::ApiBasePath, "{path}");
    }
    let verifier = Verifier::new("https://api.example.com", "/auth").unwrap();
    assert!(verifier.clone().key_set_url("/jwks.json").is_err());
    assert!(verifier.key_set_url("http://core:3567/.well-known/jwks.json").is_ok());
}

#[test]
fn the_issuer_is_the_normalized_url_of_the_api() {
    let issuer = |domain, path| format!("{:?}", Verifier::new(domain, path).unwrap());
    assert!(issuer("https://API.example.com:443/", " auth/ ").contains("\"https://api.example.com/auth\""));
    assert!(issuer("http://localhost:3001", "/").contains("\"http://localhost:3001\""));
}

#[test]
fn sessions_can_be_shared_between_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>() {}
    is_shared::<Verifier>();
    is_shared::<supertokens_server::RequestSession>();
    is_shared::<supertokens_server::VerifiedSession>();
    is_shared::<supertokens_server::Refusal>();
    is_shared::<supertokens_server::SessionLayer>();
}

/// Many containers have no certificates. reqwest then creates no client for the system's.
#[tokio::test]
async fn a_machine_without_certificates_can_fetch_keys() {
    const NAME: &str = "SSL_CERT_FILE";
    const MISSING: &str = "/missing/certificates.pem";
    if std::env::var(NAME).is_ok_and(|file| file == MISSING) {
        let server = KeyServer::start().await;
        let bearer = format!("Bearer {}", Key::one().token(&payload()));
        let request = server.verifier.verify(&headers(&[("authorization", &bearer)])).await;
        assert!(request.call().is_ok());
        return;
    }
    let test = "set_up::a_machine_without_certificates_can_fetch_keys";
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    let again = again.args([test, "--exact"]).env(NAME, MISSING).env("SSL_CERT_DIR", "/missing");
    let output = again.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
