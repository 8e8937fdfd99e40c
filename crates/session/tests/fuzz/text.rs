//! Texts of an attacker, a broken proxy or a typing error.

use proptest::{collection::vec, prelude::*, sample::Index, sample::select};
use serde_json::{Map, Value};

/// Characters that URL parsers drop, replace, decode, fold or read as a delimiter.
const PIECES: &[&str] = &[
    "/",
    "/",
    "//",
    "///",
    "\\",
    "/\\",
    ".",
    "..",
    "/../",
    "/./",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "%00",
    "%09",
    "%0a",
    "%25",
    "%",
    "@",
    ":",
    "::",
    ";",
    ",",
    "=",
    "&",
    "+",
    "?",
    "#",
    "[",
    "]",
    "{",
    "|",
    "^",
    "<",
    "\"",
    "'",
    "`",
    "~",
    "$",
    "*",
    "!",
    "(",
    "\t",
    "\n",
    "\r",
    " ",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{3000}",
    "\u{feff}",
    "\u{fffd}",
    "／",
    "＼",
    "．",
    "。",
    "｡",
    "：",
    "＠",
    "？",
    "＃",
    "％",
    "⁄",
    "∕",
    "℀",
    "㏂",
    "ſ",
    "ı",
    "K",
    "ß",
    "İ",
    "ª",
    "①",
    "é",
    "e\u{301}",
    "日",
    "😀",
    "-",
    "_",
    "a",
    "A",
    "x",
    "0",
    "1",
    "08",
    "0x7f",
    "127",
    "443",
    ":0",
    ":80",
    ":443",
    ":8443",
    ":65536",
    "http",
    "https",
    "http:",
    "https:",
    "http://",
    "https://",
    "HTTPS://",
    "ftp://",
    "javascript:",
    "data:",
    "ws://",
    "file:///",
    "api.example.com",
    "example.com",
    "app.example",
    "evil.example",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "[::ffff:1.2.3.4]",
    "xn--",
    "xn--a",
    "user@",
    "user:pw@",
    "login",
    "Login",
    "%6cogin",
    "auth",
    "session",
    "refresh",
    "remove",
    "superTokensDoNotDoInterception",
];

pub fn piece() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

/// Any text, mostly of difficult pieces.
pub fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        1 => vec(any::<char>(), 0..40).prop_map(String::from_iter),
        6 => vec(piece(), 0..12).prop_map(|pieces| pieces.concat()),
    ]
}

/// One of the texts with inserted, removed or replaced pieces: most results are nearly valid.
pub fn near(good: &'static [&'static str]) -> impl Strategy<Value = String> {
    let edits = vec(
        (any::<Index>(), any::<Index>(), prop_oneof![2 => piece(), 1 => Just(String::new())], 0..3_usize),
        0..4,
    );
    (select(good), edits).prop_map(|(good, edits)| {
        let mut chars: Vec<char> = good.chars().collect();
        for (from, _, piece, removed) in edits {
            let from = from.index(chars.len() + 1);
            let to = (from + removed).min(chars.len());
            chars.splice(from..to, piece.chars());
        }
        chars.into_iter().collect()
    })
}

/// Any JSON, some levels deep.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        hostile().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..6).prop_map(Value::Array), object(inner).prop_map(Value::Object)]
    })
}

/// Any JSON object of these values; the names are often those of the protocol.
pub fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        2 => select(&["uid", "ate", "up", "iat", "exp", "sessionHandle", "id", "reason", "claimValidationErrors"][..])
            .prop_map(str::to_owned),
        1 => hostile(),
    ];
    vec((name, values), 0..6).prop_map(Map::from_iter)
}

/// The same JSON with its numbers as JavaScript has them: `1.0` is `1`.
pub fn as_in_javascript(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let whole = number
                .as_f64()
                .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 2_f64.powi(53));
            whole.map_or(Value::Number(number), |float| Value::from(float as i64))
        }
        Value::Array(values) => values.into_iter().map(as_in_javascript).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, as_in_javascript(value))).collect()
        }
        other => other,
    }
}

/// Whether it fits a cookie and a header by RFC 6265, written independently of the code under test.
pub fn fits_a_cookie(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !"\",;\\".contains(c))
}
