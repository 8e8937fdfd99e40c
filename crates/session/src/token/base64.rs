//! Standard base64, read as the browser's `atob` reads it. A front token is all that is read, and seldom.

/// None where `atob` throws: ASCII white space is left out, padding may be missing but not incomplete, and bits that
/// belong to no byte are ignored.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if digits.len().is_multiple_of(4) {
        let padding = digits.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
        digits.truncate(digits.len() - padding);
    }
    if digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            bits = bits << 6 | u32::from(value(*digit)?);
        }
        let missing = 4 - group.len();
        let [_, all @ ..] = (bits << (6 * missing)).to_be_bytes();
        bytes.extend_from_slice(&all[..3 - missing]);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    VALUES.get(usize::from(digit.checked_sub(FIRST)?)).copied().filter(|value| *value < 64)
}

const FIRST: u8 = b'+';

const VALUES: [u8; 80] = {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [u8::MAX; 80];
    let mut value = 0;
    while value < 64 {
        values[(DIGITS[value as usize] - FIRST) as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use base64::{
        Engine, alphabet,
        engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
        prelude::BASE64_STANDARD,
    };
    use proptest::prelude::*;

    use super::decode;

    const OTHER: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::RequireNone)
            .with_decode_allow_trailing_bits(true),
    );

    /// The steps of <https://infra.spec.whatwg.org/#forgiving-base64-decode>, with the base64 crate.
    fn forgiving(text: &str) -> Option<Vec<u8>> {
        let mut text = text.replace(['\t', '\n', '\u{c}', '\r', ' '], "");
        if text.len().is_multiple_of(4) {
            let unpadded = text.strip_suffix("==").or_else(|| text.strip_suffix('='));
            text = unpadded.unwrap_or(&text).to_owned();
        }
        OTHER.decode(text).ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_bytes_come_back(bytes: Vec<u8>) {
            let text = BASE64_STANDARD.encode(&bytes);
            prop_assert_eq!(decode(&text), Some(bytes.clone()));
            prop_assert_eq!(decode(text.trim_end_matches('=')), Some(bytes));
        }

        #[test]
        fn any_text_is_what_the_standard_takes_it_for(
            text in "[A-Za-z0-9+/]{0,9}={0,4}|[A-D+/=]{0,9}|[A-D= \\t\\n\\x0b\\x0c\\r]{0,12}|[ -~]{0,8}|\\PC{0,4}"
        ) {
            prop_assert_eq!(decode(&text), forgiving(&text), "{}", text);
        }
    }

    #[test]
    fn reads_what_atob_reads() {
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
