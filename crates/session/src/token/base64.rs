//! Standard base64, read strictly; padding may be left out. A front token is all that is read, and seldom.

/// None where it is no base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let (padding, rest) = (text.len() - digits.len(), digits.len() % 4);
    if rest == 1 || (padding > 0 && (rest < 2 || rest + padding > 4)) {
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
        let (whole, beyond) = all.split_at(3 - missing);
        // Bits that belong to no byte.
        if beyond.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(whole);
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
    };
    use proptest::prelude::*;

    use super::decode;

    const OTHER: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_bytes_come_back(bytes: Vec<u8>) {
            let text = OTHER.encode(&bytes);
            prop_assert_eq!(decode(&text), Some(bytes.clone()));
            prop_assert_eq!(decode(text.trim_end_matches('=')), Some(bytes));
        }

        #[test]
        fn any_text_is_what_the_base64_crate_takes_it_for(text in "[A-Za-z0-9+/]{0,9}={0,4}|[A-D+/=]{0,9}|[ -~]{0,8}|\\PC{0,4}") {
            prop_assert_eq!(decode(&text), OTHER.decode(&text).ok(), "{}", text);
        }
    }
}
