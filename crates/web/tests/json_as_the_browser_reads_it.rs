//! Differential test: what the browser's own readers take is taken by ours, with the same values.
//!
//! Each run has a seed of its own, which a failure tells; `SEED` replays one.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{any::Any, future::ready, rc::Rc};

use js_sys::{Array, Function, Promise, Uint8Array};
use serde_json::{Value, json};
use supertokens_session::{
    FrontToken, FrontTokenError, SessionClient, SessionResponse,
    platform::{LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse},
    protocol::claim_errors,
};
use support::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Replays one run.
const SEED: Option<u64> = None;

/// Gives what is wrong with `ours`, an empty text where nothing is.
///
/// What Rust's JSON has not stands for what JavaScript's has: U+FFFD for half of a surrogate pair, the largest number
/// for infinity, `null` for what is nested deeper than 127 levels. serde_json may be off by the last bit of a fraction.
const SAME: &str = r"(() => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const wellFormed = text => decoder.decode(new TextEncoder().encode(text));
    const margin = number => Number.isFinite(number) ? Math.abs(number) * 1e-15 + 1e-320 : 0;
    const same = (theirs, ours, depth) => {
        if (typeof theirs === 'number') {
            if (Math.abs(theirs) > 1e308) return Math.sign(theirs) * ours >= 1e308;
            return Math.abs(theirs - ours) <= margin(theirs);
        }
        if (typeof theirs === 'string') return wellFormed(theirs) === ours;
        if (theirs === null || typeof theirs !== 'object') return theirs === ours;
        if (depth > 127) return ours === null;
        if (ours === null || Array.isArray(theirs) !== Array.isArray(ours)) return false;
        const names = Object.keys(theirs);
        const read = new Set(names.map(wellFormed));
        // Two names may have become one.
        const field = name => same(theirs[name], ours[wellFormed(name)], depth + 1);
        return read.size === Object.keys(ours).length && (read.size < names.length || names.every(field));
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
struct Dice(u64);

impl Dice {
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

fn space(dice: &mut Dice) -> &'static str {
    if dice.one_in(4) { dice.pick(&[" ", "\n", "\t\r", "  "]) } else { "" }
}

fn text(dice: &mut Dice) -> String {
    let parts: Vec<_> = (0..dice.below(3)).map(|_| dice.pick(TEXTS)).collect();
    format!("\"{}\"", parts.concat())
}

fn value(dice: &mut Dice, depth: usize) -> String {
    let (before, after) = (space(dice), space(dice));
    let value = match dice.below(if depth == 0 { 7 } else { 11 }) {
        0..3 => dice.pick(NUMBERS).to_owned(),
        3..5 => text(dice),
        5 => dice.pick(&["null", "true", "false"]).to_owned(),
        6 if dice.one_in(8) => dice.pick(NEARLY).to_owned(),
        6 => dice.pick(NUMBERS).to_owned(),
        7 if dice.one_in(6) => nested(dice),
        7..9 => {
            format!("[{}]", (0..dice.below(4)).map(|_| value(dice, depth - 1)).collect::<Vec<_>>().join(","))
        }
        _ => object(dice, depth - 1),
    };
    format!("{before}{value}{after}")
}

fn object(dice: &mut Dice, depth: usize) -> String {
    let fields = (0..dice.below(4)).map(|_| format!("\"{}\":{}", dice.pick(NAMES), value(dice, depth)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// Around the deepest that is read, and far below it.
fn nested(dice: &mut Dice) -> String {
    let depth = if dice.one_in(4) { 120 + dice.below(2_000) } else { 115 + dice.below(20) };
    let inner = value(dice, 0);
    if dice.one_in(2) {
        format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth))
    } else {
        format!("{}{inner}{}", "{\"a\":".repeat(depth), "}".repeat(depth))
    }
}

/// Puts pieces in, takes some out, and puts some in place of others.
fn mutated(dice: &mut Dice, text: &str) -> String {
    let mut all: Vec<char> = text.chars().collect();
    for _ in 0..[0, 0, 0, 1, 1, 2, 3][dice.below(7)] {
        let from = dice.below(all.len() + 1);
        let to = (from + dice.below(3)).min(all.len());
        let piece = if dice.one_in(12) {
            all[from..(from + 9).min(all.len())].iter().collect()
        } else {
            dice.pick(PIECES).to_owned()
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

/// The bytes of a text, some of them no longer UTF-8.
fn bytes(dice: &mut Dice, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    if dice.one_in(6) {
        let at = dice.below(bytes.len() + 1);
        let odd: &[u8] =
            [&[0xff][..], &[0xc3], &[0xc0, 0x80], &[0xed, 0xa0, 0x80], &[0xf0, 0x9f, 0x98], &[0xf5, 0x80]]
                [dice.below(6)];
        bytes.splice(at..(at + dice.below(2)).min(bytes.len()), odd.iter().copied());
    }
    bytes
}

fn is_deep(text: &str) -> bool {
    text.bytes().filter(|byte| b"[{".contains(byte)).count() > 127
}

/// The JavaScript SDK reads a front token in just this way.
const TOKEN: &str = r"(text, ours, isDeep) => {
    let theirs;
    try {
        theirs = JSON.parse(decodeURIComponent(escape(atob(text))));
    } catch (error) {
        // What is below the deepest that is read is not looked at.
        return !ours || isDeep ? '' : 'is read, though there it is ' + error;
    }
    const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);
    const isOne = isObject(theirs) && typeof theirs.uid === 'string' && typeof theirs.ate === 'number' && isObject(theirs.up);
    if (!isOne || !ours) return !isOne && !ours ? '' : `is ${isOne} there, ${!!ours} here`;
    const [uid, ate, up] = ours;
    const whole = time => Math.min(Math.max(Math.floor(time), -(2 ** 63)), 2 ** 63);
    const [from, to] = [whole(theirs.ate - margin(theirs.ate)), whole(theirs.ate + margin(theirs.ate))];
    if (!(from <= ate && ate <= to)) return `expires at ${theirs.ate} there, ${ate} here`;
    return same(theirs.uid, uid, 0) && same(theirs.up, JSON.parse(up), 2) ? '' : 'says something else here: ' + up;
}";

#[wasm_bindgen_test]
fn front_tokens_as_the_javascript_sdk_reads_them() {
    let (mut dice, seed) = Dice::new("front tokens");
    let compare = function(TOKEN);
    let mut read = 0;
    for case in 0..2_000 {
        let mut field = |name: &str, usual: fn(&mut Dice) -> String| {
            let value = if dice.one_in(12) { value(&mut dice, 1) } else { usual(&mut dice) };
            format!("\"{name}\"{}:{value}", space(&mut dice))
        };
        let mut fields = [
            field("uid", text),
            field("ate", |dice| dice.pick(NUMBERS).to_owned()),
            field("up", |dice| object(dice, 3)),
        ]
        .to_vec();
        if dice.one_in(8) {
            fields.push(fields[dice.below(3)].clone());
        }
        let whole = format!("{}{{{}}}{}", space(&mut dice), fields.join(","), space(&mut dice));
        let json = mutated(&mut dice, &whole);
        let mut token = base64(&bytes(&mut dice, &json));
        if dice.one_in(6) {
            token = mutated(&mut dice, &token);
        }
        let ours = FrontToken::decode(&token).map_or(JsValue::UNDEFINED, |token| {
            read += 1;
            let up = token.payload().to_string();
            array(&[token.user_id().into(), (token.expires_at_ms() as f64).into(), up.into()]).into()
        });
        let verdict = verdict(&compare, &[token.as_str().into(), ours, is_deep(&json).into()]);
        assert_eq!(verdict, "", "{seed}, case {case}: {token} of {json}");
    }
    assert!(read > 200, "{read} of 2000 are front tokens: too few to tell much");
}

#[wasm_bindgen_test]
fn base64_as_atob_reads_it() {
    let (mut dice, seed) = Dice::new("base64");
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
        let text: Vec<_> = (0..dice.below(12))
            .map(|_| {
                let most = if dice.one_in(3) { parts.len() } else { 10 };
                dice.pick(&parts[..most])
            })
            .collect();
        let text = text.concat();
        let ours = match FrontToken::decode(&text) {
            Err(FrontTokenError::Base64) => "base64",
            Err(FrontTokenError::Utf8) => "utf-8",
            _ => "text",
        };
        assert_eq!(verdict(&step, &[text.as_str().into()]), ours, "{seed}, case {case}: {text:?}");
    }
}

/// A server that answers any call with these bytes.
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

/// `ours` is the text, the JSON and the claims, the latter two as JSON where they could be read.
const BODY: &str = r"async (bytes, ours, isDeep) => {
    const [text, json, claims] = ours;
    const theirText = await new Response(bytes).text();
    if (theirText !== text) return 'is another text here: ' + text;
    let theirs;
    try {
        theirs = await new Response(bytes).json();
    } catch (error) {
        return !json && !claims || isDeep ? '' : 'is read, though there it is ' + error;
    }
    if (!json || !same(theirs, JSON.parse(json), 1)) return 'is other JSON here: ' + json;
    const theirClaims = theirs?.claimValidationErrors;
    const isOne = claim => claim !== null && typeof claim === 'object' && typeof claim.id === 'string';
    const isAll = !Array.isArray(theirs) && Array.isArray(theirClaims) && theirClaims.every(isOne);
    if (!isAll || !claims) return !isAll && !claims ? '' : `names claims: ${isAll} there, ${!!claims} here`;
    const named = theirClaims.map(claim => ({ id: claim.id, reason: claim.reason === undefined ? null : claim.reason }));
    return same(named, JSON.parse(claims), 2) ? '' : 'names other claims here: ' + claims;
}";

#[wasm_bindgen_test]
async fn bodies_as_a_response_reads_them() {
    let (mut dice, seed) = Dice::new("bodies");
    let compare = function(BODY);
    let mut read = 0;
    for case in 0..1_000 {
        let whole = match dice.below(3) {
            0 => value(&mut dice, 3),
            1 => object(&mut dice, 3),
            _ => {
                let claim =
                    |dice: &mut Dice| format!("{{\"id\":{},\"reason\":{}}}", text(dice), value(dice, 2));
                let claims: Vec<_> = (0..dice.below(3)).map(|_| claim(&mut dice)).collect();
                format!(
                    "{{\"message\":{},\"claimValidationErrors\":[{}]}}",
                    value(&mut dice, 1),
                    claims.join(",")
                )
            }
        };
        let marks = if dice.one_in(3) {
            ["\u{feff}", "\u{feff}", "\u{feff}\u{feff}", " \u{feff}"][dice.below(4)]
        } else {
            ""
        };
        let body = format!("{marks}{}", mutated(&mut dice, &whole));
        let bytes = bytes(&mut dice, &body);
        let json = response(&bytes).await.json::<Value>().await.ok().map(|json| json.to_string());
        read += usize::from(json.is_some());
        let claims = claim_errors::errors(&bytes).map(|claims| {
            Value::from_iter(
                claims.into_iter().map(|claim| json!({ "id": claim.id, "reason": claim.reason })),
            )
            .to_string()
        });
        let text = response(&bytes).await.text().await.unwrap();
        let ours = array(&[text.into(), json.into(), claims.into()]);
        let promise =
            call(&compare, &[Uint8Array::from(&bytes[..]).into(), ours.into(), is_deep(&body).into()]);
        let verdict = JsFuture::from(Promise::from(promise)).await.unwrap().as_string().unwrap();
        assert_eq!(verdict, "", "{seed}, case {case}: {body:?}");
    }
    assert!(read > 200, "{read} of 1000 are JSON: too few to tell much");
}
