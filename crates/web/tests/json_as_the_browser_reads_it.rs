//! Differential test: this library's decoders and the browser's accept the same input, with the same values.
//!
//! Each run has a random seed, which a failure prints. `SEED` replays a run.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{any::Any, future::ready, rc::Rc};

use js_sys::{Array, Function, Promise, Uint8Array};
use serde_json::{Value, json};
use supertokens_session::{
    FrontToken, FrontTokenError, SessionClient, SessionResponse,
    platform::{LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse},
};
use support::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Replays one run.
const SEED: Option<u64> = None;

/// Compares the browser's value with this library's.
///
/// Rust's JSON lacks some values of JavaScript's. Half of a surrogate pair becomes U+FFFD, infinity the largest number,
/// and a value deeper than 124 to 127 levels `null`. serde_json may be off by the last bit of a fraction.
const SAME: &str = r"(() => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const wellFormed = text => decoder.decode(new TextEncoder().encode(text));
    const margin = number => Number.isFinite(number) ? Math.abs(number) * 1e-15 + 1e-320 : 0;
    const same = (expected, actual, depth) => {
        if (typeof expected === 'number') {
            if (Math.abs(expected) > 1e308) return Math.sign(expected) * actual >= 1e308;
            return Math.abs(expected - actual) <= margin(expected);
        }
        if (typeof expected === 'string') return wellFormed(expected) === actual;
        if (expected === null || typeof expected !== 'object') return expected === actual;
        if (depth > 127) return actual === null;
        // If the whole text needs a repair, the levels around a payload or a reason count too.
        if (depth > 124 && actual === null) return true;
        if (actual === null || Array.isArray(expected) !== Array.isArray(actual)) return false;
        const names = Object.keys(expected);
        const read = new Set(names.map(wellFormed));
        // Two names may become equal.
        const field = name => same(expected[name], actual[wellFormed(name)], depth + 1);
        return read.size === Object.keys(actual).length && (read.size < names.length || names.every(field));
    };
    return { same, margin };
})()";

fn function(code: &str) -> Function {
    js(&format!("(() => {{ const {{ same, margin }} = {SAME}; return {code} }})()")).unchecked_into()
}

fn array(values: &[JsValue]) -> Array {
    values.iter().collect()
}

fn call(function: &Function, arguments: &[JsValue]) -> JsValue {
    function.apply(&JsValue::UNDEFINED, &array(arguments)).unwrap()
}

fn verdict(function: &Function, arguments: &[JsValue]) -> String {
    call(function, arguments).as_string().unwrap()
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn new(name: &str) -> (Self, String) {
        let seed = SEED.unwrap_or_else(|| (js_sys::Math::random() * 2_f64.powi(52)) as u64 + 1);
        console_log!("{name}: seed {seed}");
        (Self(seed), format!("seed {seed}"))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "7",
    "-1",
    "1.0",
    "1.5",
    "-2.25",
    "1e3",
    "1E-3",
    "1e+2",
    "1.7e12",
    "1700000000000",
    "1700000000000.0",
    "1700000000.123456",
    "1764444000123.9",
    "9007199254740991",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e22",
    "1e300",
    "1e308",
    "1e309",
    "-1e400",
    "1e999",
    "1e-999",
    "5e-324",
    "0e999",
    "0.1",
    "0.30000000000000004",
    "123456789012345678901234567890",
];

/// No number, but near to one.
const NEARLY: &[&str] =
    &["01", "1.", ".5", "+1", "-", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity", "1_0", "01e999"];

const TEXTS: &[&str] = &[
    "",
    "a",
    "ann",
    "ü",
    "日本",
    "😀",
    "\\n",
    "\\u0000",
    "\\u00fc",
    "\\ud83d\\ude00",
    "\\uD800",
    "\\ud800\\ud800",
    "\\ud83dx",
    "\\\\ud800",
    "\\/",
    "\\\"",
    "\u{7f}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "x[{\\\"",
    "1e999",
    "\\b\\f\\t\\r",
];

/// What is put in, or in place of something: most of it makes JSON no JSON.
const PIECES: &[&str] = &[
    "", "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "9", "-", "+", ".", "e", "E9", "e999", " ",
    "\t", "\n", "\r", "\u{b}", "\u{c}", "\u{a0}", "\u{feff}", "\u{0}", "\u{1f}", "\\u", "\\ud800", "\\udc00",
    "\\x", "u", "null", "true", "nul", "'", "//", "ü", "😀", "=",
];

const NAMES: &[&str] = &[
    "a",
    "b",
    "",
    "iat",
    "t",
    "v",
    "uid",
    "__proto__",
    "\\u0061",
    "ü",
    "\\ud800",
    "0",
    "claimValidationErrors",
];

fn space(random: &mut Random) -> &'static str {
    if random.one_in(4) { random.pick(&[" ", "\n", "\t\r", "  "]) } else { "" }
}

fn text(random: &mut Random) -> String {
    let parts: Vec<_> = (0..random.below(3)).map(|_| random.pick(TEXTS)).collect();
    format!("\"{}\"", parts.concat())
}

fn value(random: &mut Random, depth: usize) -> String {
    let (before, after) = (space(random), space(random));
    let value = match random.below(if depth == 0 { 7 } else { 11 }) {
        0..3 => random.pick(NUMBERS).to_owned(),
        3..5 => text(random),
        5 => random.pick(&["null", "true", "false"]).to_owned(),
        6 if random.one_in(8) => random.pick(NEARLY).to_owned(),
        6 => random.pick(NUMBERS).to_owned(),
        7 if random.one_in(6) => nested(random),
        7..9 => {
            format!(
                "[{}]",
                (0..random.below(4)).map(|_| value(random, depth - 1)).collect::<Vec<_>>().join(",")
            )
        }
        _ => object(random, depth - 1),
    };
    format!("{before}{value}{after}")
}

fn object(random: &mut Random, depth: usize) -> String {
    let fields = (0..random.below(4)).map(|_| format!("\"{}\":{}", random.pick(NAMES), value(random, depth)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// A value that is nested about 127 levels deep, or much deeper.
fn nested(random: &mut Random) -> String {
    let depth = if random.one_in(4) { 120 + random.below(2_000) } else { 115 + random.below(20) };
    let inner = value(random, 0);
    if random.one_in(2) {
        format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth))
    } else {
        format!("{}{inner}{}", "{\"a\":".repeat(depth), "}".repeat(depth))
    }
}

/// Inserts, removes and replaces random pieces.
fn mutated(random: &mut Random, text: &str) -> String {
    let mut all: Vec<char> = text.chars().collect();
    for _ in 0..[0, 0, 0, 1, 1, 2, 3][random.below(7)] {
        let from = random.below(all.len() + 1);
        let to = (from + random.below(3)).min(all.len());
        let piece = if random.one_in(12) {
            all[from..(from + 9).min(all.len())].iter().collect()
        } else {
            random.pick(PIECES).to_owned()
        };
        all.splice(from..to, piece.chars());
    }
    all.into_iter().collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        text.extend((0..4).map(|at| if at <= group.len() { digit(at) } else { '=' }));
    }
    text
}

/// The bytes of a text, sometimes with invalid UTF-8.
fn bytes(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    if random.one_in(6) {
        let at = random.below(bytes.len() + 1);
        let odd: &[u8] =
            [&[0xff][..], &[0xc3], &[0xc0, 0x80], &[0xed, 0xa0, 0x80], &[0xf0, 0x9f, 0x98], &[0xf5, 0x80]]
                [random.below(6)];
        bytes.splice(at..(at + random.below(2)).min(bytes.len()), odd.iter().copied());
    }
    bytes
}

fn is_deep(text: &str) -> bool {
    text.bytes().filter(|byte| b"[{".contains(byte)).count() > 127
}

/// Reads a front token as the JavaScript SDK does.
const TOKEN: &str = r"(text, actual, isDeep) => {
    let expected;
    try {
        expected = JSON.parse(decodeURIComponent(escape(atob(text))));
    } catch (error) {
        // Values deeper than the limit are not compared.
        return !actual || isDeep ? '' : 'is read here, but the browser throws ' + error;
    }
    const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);
    const isOne = isObject(expected) && typeof expected.uid === 'string' && typeof expected.ate === 'number' && isObject(expected.up);
    if (!isOne || !actual) return !isOne && !actual ? '' : `is ${isOne} in the browser, ${!!actual} here`;
    const [uid, ate, up] = actual;
    const whole = time => Math.min(Math.max(Math.floor(time), -(2 ** 63)), 2 ** 63);
    const [from, to] = [whole(expected.ate - margin(expected.ate)), whole(expected.ate + margin(expected.ate))];
    if (!(from <= ate && ate <= to)) return `expires at ${expected.ate} in the browser, ${ate} here`;
    return same(expected.uid, uid, 0) && same(expected.up, JSON.parse(up), 1) ? '' : 'has another value here: ' + up;
}";

#[wasm_bindgen_test]
fn front_tokens_are_read_as_by_the_javascript_sdk() {
    let (mut random, seed) = Random::new("front tokens");
    let compare = function(TOKEN);
    let mut read = 0;
    for case in 0..2_000 {
        let mut field = |name: &str, usual: fn(&mut Random) -> String| {
            let value = if random.one_in(12) { value(&mut random, 1) } else { usual(&mut random) };
            format!("\"{name}\"{}:{value}", space(&mut random))
        };
        let mut fields = [
            field("uid", text),
            field("ate", |random| random.pick(NUMBERS).to_owned()),
            field("up", |random| object(random, 3)),
        ]
        .to_vec();
        if random.one_in(8) {
            fields.push(fields[random.below(3)].clone());
        }
        let whole = format!("{}{{{}}}{}", space(&mut random), fields.join(","), space(&mut random));
        let json = mutated(&mut random, &whole);
        let mut token = base64(&bytes(&mut random, &json));
        if random.one_in(6) {
            token = mutated(&mut random, &token);
        }
        let actual = FrontToken::decode(&token).map_or(JsValue::UNDEFINED, |token| {
            read += 1;
            let up = token.payload().to_string();
            array(&[token.user_id().into(), (token.expires_at_ms() as f64).into(), up.into()]).into()
        });
        let verdict = verdict(&compare, &[token.as_str().into(), actual, is_deep(&json).into()]);
        assert_eq!(verdict, "", "{seed}, case {case}: {token} of {json}");
    }
    assert!(read > 200, "{read} of 2000 are front tokens: too few for this test");
}

#[wasm_bindgen_test]
fn base64_is_read_as_by_atob() {
    let (mut random, seed) = Random::new("base64");
    let step = function(
        "text => {
            let bytes;
            try { bytes = atob(text) } catch { return 'base64' }
            try { decodeURIComponent(escape(bytes)) } catch { return 'utf-8' }
            return 'text'
        }",
    );
    for case in 0..2_000 {
        let parts = [
            "A", "b", "9", "w", "4", "C", "g", "+", "/", "=", "==", " ", "\t", "\n", "\u{c}", "\r", "\u{b}",
            "-", "_", "\0", "ü", "Q===",
        ];
        let text: Vec<_> = (0..random.below(12))
            .map(|_| {
                let most = if random.one_in(3) { parts.len() } else { 10 };
                random.pick(&parts[..most])
            })
            .collect();
        let text = text.concat();
        let actual = match FrontToken::decode(&text) {
            Err(FrontTokenError::Base64) => "base64",
            Err(FrontTokenError::Utf8) => "utf-8",
            _ => "text",
        };
        assert_eq!(verdict(&step, &[text.as_str().into()]), actual, "{seed}, case {case}: {text:?}");
    }
}

/// A server that responds to every request with these bytes.
struct Fixed(Vec<u8>);

impl Transport for Fixed {
    fn send(
        &self,
        _: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(ready(Ok(Box::new(Self(self.0.clone())) as Box<dyn TransportResponse>)))
    }
}

impl TransportResponse for Fixed {
    fn status(&self) -> u16 {
        200
    }

    fn header(&self, _: &str) -> Option<String> {
        None
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.0)))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.0.clone())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

async fn response(body: &[u8]) -> SessionResponse {
    let platform = Platform { transport: Rc::new(Fixed(body.to_vec())), ..Platform::absent() };
    SessionClient::new(config(), platform).get("https://other.example/x").send().await.unwrap()
}

/// `actual` is the text, the JSON and the claims. The latter two are JSON texts if they could be read.
const BODY: &str = r"async (bytes, actual, isDeep) => {
    const [text, json, claims] = actual;
    const expectedText = await new Response(bytes).text();
    if (expectedText !== text) return 'is another text here: ' + text;
    let expected;
    try {
        expected = await new Response(bytes).json();
    } catch (error) {
        return !json && !claims || isDeep ? '' : 'is read here, but the browser throws ' + error;
    }
    if (!json || !same(expected, JSON.parse(json), 1)) return 'is other JSON here: ' + json;
    const expectedClaims = expected?.claimValidationErrors;
    const isOne = claim => claim !== null && typeof claim === 'object' && typeof claim.id === 'string';
    const isAll = !Array.isArray(expected) && Array.isArray(expectedClaims) && expectedClaims.every(isOne);
    if (!isAll || !claims) return !isAll && !claims ? '' : `names claims: ${isAll} in the browser, ${!!claims} here`;
    const named = expectedClaims.map(claim => ({ id: claim.id, reason: claim.reason === undefined ? null : claim.reason }));
    return same(named, JSON.parse(claims), -1) ? '' : 'names other claims here: ' + claims;
}";

#[wasm_bindgen_test]
async fn bodies_are_read_as_by_a_browser_s_response() {
    let (mut random, seed) = Random::new("bodies");
    let compare = function(BODY);
    let mut read = 0;
    for case in 0..1_000 {
        let whole = match random.below(3) {
            0 => value(&mut random, 3),
            1 => object(&mut random, 3),
            _ => {
                let claim = |random: &mut Random| {
                    format!("{{\"id\":{},\"reason\":{}}}", text(random), value(random, 2))
                };
                let claims: Vec<_> = (0..random.below(3)).map(|_| claim(&mut random)).collect();
                format!(
                    "{{\"message\":{},\"claimValidationErrors\":[{}]}}",
                    value(&mut random, 1),
                    claims.join(",")
                )
            }
        };
        let marks = if random.one_in(3) {
            ["\u{feff}", "\u{feff}", "\u{feff}\u{feff}", " \u{feff}"][random.below(4)]
        } else {
            ""
        };
        let body = format!("{marks}{}", mutated(&mut random, &whole));
        let bytes = bytes(&mut random, &body);
        let json = response(&bytes).await.json::<Value>().await.ok().map(|json| json.to_string());
        read += usize::from(json.is_some());
        let claims = supertokens_session::ClaimError::all_in(&bytes).map(|claims| {
            Value::from_iter(
                claims.into_iter().map(|claim| json!({ "id": claim.id, "reason": claim.reason() })),
            )
            .to_string()
        });
        let text = response(&bytes).await.text().await.unwrap();
        let actual = array(&[text.into(), json.into(), claims.into()]);
        let promise =
            call(&compare, &[Uint8Array::from(&bytes[..]).into(), actual.into(), is_deep(&body).into()]);
        let verdict = JsFuture::from(Promise::from(promise)).await.unwrap().as_string().unwrap();
        assert_eq!(verdict, "", "{seed}, case {case}: {body:?}");
    }
    assert!(read > 200, "{read} of 1000 are JSON: too few for this test");
}
