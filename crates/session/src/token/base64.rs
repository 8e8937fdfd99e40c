//! Standard base64, decoded like the browser's `atob`: <https://infra.spec.whatwg.org/#forgiving-base64-decode>.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// None if `atob` throws. It ignores ASCII white space. Padding may be missing, but not incomplete.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if digits.len().is_multiple_of(4) {
        let padding = digits.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
        digits.truncate(digits.len() - padding);
    }
    FORGIVING.decode(digits).ok()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use proptest::prelude::*;

    use super::decode;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn encoded_bytes_are_decoded_unchanged(bytes: Vec<u8>) {
            let text = BASE64_STANDARD.encode(&bytes);
            prop_assert_eq!(decode(&text), Some(bytes.clone()));
            prop_assert_eq!(decode(text.trim_end_matches('=')), Some(bytes));
        }
    }

    #[test]
    fn decodes_like_atob() {
        for (text, read) in [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YQ", Some("a")),
            (" Y\tQ\n=\r=\u{c}", Some("a")),
            ("YR==", Some("a")),
            ("YWJ", Some("ab")),
            ("YQ=", None),
            ("YQ===", None),
            ("=", None),
            ("====", None),
            ("Y", None),
            ("YWI_", None),
            ("YWI-", None),
            ("YW\u{b}I=", None),
            ("YW\u{a0}I=", None),
            ("YQ==YQ==", None),
        ] {
            assert_eq!(decode(text), read.map(Vec::from), "{text:?}");
        }
    }
}
