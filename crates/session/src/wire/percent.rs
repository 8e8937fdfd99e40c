//! Percent-encoding of query parts.

/// Encodes text for a query's name or value, like `encodeURIComponent`.
///
/// ```
/// use supertokens_session::internal::percent::encode;
///
/// assert_eq!(encode("a b&c=ü/"), "a%20b%26c%3D%C3%BC%2F");
/// ```
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            const HEX: [char; 16] =
                ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            encoded.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
    encoded
}
