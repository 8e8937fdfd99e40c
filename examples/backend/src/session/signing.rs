//! The RSA keys that sign access tokens, and the key set with which other servers verify them.

use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use getrandom::SysRng;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::signature::{Keypair, SignatureEncoding, Signer, Verifier};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::clock::now_ms;
use crate::error::ApiError;
use crate::state::lock;

const BITS: usize = 2048;

/// The keys of a server. The latest one signs, and all of them verify.
pub(crate) struct SigningKeys(Mutex<Vec<Arc<KeyPair>>>);

impl SigningKeys {
    /// The first key of this process. To generate a key for each server would cost its start 100 ms.
    pub(crate) fn new() -> Result<Self, ApiError> {
        static FIRST: OnceLock<Arc<KeyPair>> = OnceLock::new();
        let first = match FIRST.get() {
            Some(first) => first,
            None => {
                let generated = KeyPair::generate()?;
                FIRST.get_or_init(|| generated)
            }
        };
        Ok(Self(Mutex::new(vec![first.clone()])))
    }

    /// The key that signs.
    pub(crate) fn latest(&self) -> Option<Arc<KeyPair>> {
        lock(&self.0).last().cloned()
    }

    /// The key with this id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<KeyPair>> {
        lock(&self.0).iter().find(|key| key.id == id).cloned()
    }

    /// Adds a new key, which signs from now on. The others stay, or are removed.
    pub(crate) fn rotate(&self, keep_old: bool) -> Result<(), ApiError> {
        let new = KeyPair::generate()?;
        let mut keys = lock(&self.0);
        if !keep_old {
            keys.clear();
        }
        keys.push(new);
        Ok(())
    }

    /// The public keys, as a JSON Web Key Set.
    pub(crate) fn to_jwks(&self) -> Value {
        let keys: Vec<Value> = lock(&self.0).iter().map(|key| key.to_jwk()).collect();
        json!({ "keys": keys })
    }
}

/// One key.
pub(crate) struct KeyPair {
    id: String,
    private: SigningKey<Sha256>,
    public: VerifyingKey<Sha256>,
}

impl KeyPair {
    fn generate() -> Result<Arc<Self>, ApiError> {
        let private = SigningKey::random(&mut SysRng, BITS).map_err(|_| ApiError::Internal)?;
        // The id has the form of SuperTokens' keys that rotate, and differs from those of earlier processes.
        let id = format!("d-{}", now_ms());
        Ok(Arc::new(Self { id, public: private.verifying_key(), private }))
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn sign(&self, text: &str) -> Result<Vec<u8>, ApiError> {
        let signature = self.private.try_sign(text.as_bytes()).map_err(|_| ApiError::Internal)?;
        Ok(signature.to_vec())
    }

    pub(crate) fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let signature = Signature::try_from(signature);
        signature.is_ok_and(|signature| self.public.verify(text.as_bytes(), &signature).is_ok())
    }

    fn to_jwk(&self) -> Value {
        let key: &rsa::PublicKey = self.public.as_ref();
        let (n, e) = (URL_SAFE_NO_PAD.encode(key.n_bytes()), URL_SAFE_NO_PAD.encode(key.e_bytes()));
        json!({ "kty": "RSA", "kid": self.id, "n": n, "e": e, "alg": "RS256", "use": "sig" })
    }
}
