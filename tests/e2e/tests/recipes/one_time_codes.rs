//! The codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;

const PERIOD: Duration = Duration::from_secs(30);

/// The code that an authenticator app shows now.
pub fn current(secret: &str) -> String {
    code(secret, SystemTime::now())
}

/// The code that it shows next. The backend accepts it already, and it accepts each code once only.
pub fn next(secret: &str) -> String {
    code(secret, SystemTime::now() + PERIOD)
}

fn code(secret: &str, time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &from_base32(secret));
    let tag = hmac::sign(&key, &(seconds / PERIOD.as_secs()).to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

fn from_base32(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<_> = text
        .chars()
        .map(|letter| alphabet.find(letter).expect("a base32 letter"))
        .flat_map(|five| (0..5).rev().map(move |bit| (five >> bit & 1) as u8))
        .collect();
    bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

#[test]
fn codes_are_those_of_the_standard() {
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (seconds, expected) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
        assert_eq!(code(secret, UNIX_EPOCH + Duration::from_secs(seconds)), expected);
    }
}
