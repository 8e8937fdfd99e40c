//! Signatures of RSASSA-PKCS1-v1_5 with SHA-256, and the public keys of a JSON Web Key Set (RFC 7517).

use std::ops::RangeInclusive;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
// Called by its name. The backend of the process is chosen by features of all crates of an app, and may be missing.
use jsonwebtoken::{Algorithm, DecodingKey, crypto::aws_lc::DEFAULT_PROVIDER};
use serde::Deserialize;

/// The SuperTokens core pads the numbers of its keys, which RFC 7518 forbids.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The sizes of a modulus that aws-lc accepts for RS256: 2 048 to 8 192 bits.
const MODULUS_BYTES: RangeInclusive<usize> = 256..=1024;

/// Base64url without padding, as in a JSON Web Token. Each value has one text only.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A key as the key set has it. Keys of other types lack fields.
#[derive(Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    kid: String,
    n: String,
    e: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
}

/// An RSA key that verifies signatures.
pub(crate) struct PublicKey(DecodingKey);

impl PublicKey {
    /// The key with its id; none if it is no RSA key for signatures of RS256.
    pub(crate) fn of(jwk: &Jwk) -> Option<(String, Self)> {
        let is = |field: &Option<String>, expected| field.as_deref().is_none_or(|value| value == expected);
        if jwk.kty != "RSA" || jwk.kid.is_empty() || !is(&jwk.alg, "RS256") || !is(&jwk.purpose, "sig") {
            return None;
        }
        let n = number(&jwk.n).filter(|n| MODULUS_BYTES.contains(&n.len()))?;
        let key = DecodingKey::from_rsa_raw_components(&n, &number(&jwk.e)?);
        Some((jwk.kid.clone(), Self(key)))
    }

    /// Whether the key signed the message. Numbers that are no key have signed nothing.
    pub(crate) fn has_signed(&self, message: &str, signature: &Vec<u8>) -> bool {
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::RS256, &self.0);
        verifier.is_ok_and(|verifier| verifier.verify(message.as_bytes(), signature).is_ok())
    }
}

/// The bytes of a number without leading zeros. The SuperTokens core writes one, the sign of Java's `BigInteger`.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = ANY_PADDING.decode(text).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    bytes.get(first..).map(<[u8]>::to_vec)
}
