//! The demo provider: a stand-in for the service of a third party, such as a search engine or a code host.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::expiring::Expiring;
use crate::random;

/// The id of the provider in the ThirdParty recipe.
pub(crate) const ID: &str = "demo";
/// Its name for users.
pub(crate) const NAME: &str = "Demo provider";
/// The id of the example app at the provider.
pub(crate) const CLIENT_ID: &str = "example-app";

/// An account at the provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    /// The account's id at the provider.
    pub(crate) id: &'static str,
    /// The verified e-mail.
    pub(crate) email: Option<&'static str>,
    /// The text of the button.
    pub(crate) label: &'static str,
}

/// All accounts.
pub(crate) const ACCOUNTS: [Account; 3] = [
    Account { id: "demo-1", email: Some("user@example.com"), label: "Continue as user@example.com" },
    Account {
        id: "demo-2",
        email: Some("new.person@example.com"),
        label: "Continue as new.person@example.com",
    },
    Account { id: "demo-3", email: None, label: "Continue without an e-mail" },
];

/// A consent, until the app exchanges its code.
struct Consent {
    account: Account,
    redirect_uri: String,
    challenge: String,
}

/// The consents by code.
pub(crate) struct Provider(Expiring<Consent>);

impl Default for Provider {
    fn default() -> Self {
        Self(Expiring::new(Duration::from_secs(600)))
    }
}

impl Provider {
    /// A code for an account, which only the sender of the challenge can exchange.
    pub(crate) fn consent(
        &self,
        account: Account,
        redirect_uri: &str,
        challenge: &str,
    ) -> Result<String, ApiError> {
        let code = random::token()?;
        let consent =
            Consent { account, redirect_uri: redirect_uri.to_owned(), challenge: challenge.to_owned() };
        self.0.insert(code.clone(), consent);
        Ok(code)
    }

    /// The account of a code. A code is used up even if address or verifier do not match.
    pub(crate) fn exchange(&self, code: &str, redirect_uri: &str, verifier: &str) -> Option<Account> {
        let consent = self.0.take(code)?;
        let matches = consent.redirect_uri == redirect_uri && consent.challenge == challenge(verifier);
        matches.then_some(consent.account)
    }

    /// Treats all codes as expired.
    pub(crate) fn expire(&self) {
        self.0.expire();
    }
}

/// The challenge of a verifier, by the method `S256` of RFC 7636.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::challenge;

    #[test]
    fn the_challenge_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
