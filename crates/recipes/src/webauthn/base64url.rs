//! Base64url without padding, the format of all bytes in the standard's JSON.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, general_purpose::NO_PAD},
};

/// Other SDKs accept padding too.
const BASE64URL: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// None if the text is no base64url.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL.decode(text).ok()
}

#[cfg(target_arch = "wasm32")]
pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64URL.encode(bytes)
}
