//! JSON that `JSON.parse` reads and serde_json refuses.

use std::ops::Range;

use serde_json::Number;

/// serde_json reads no deeper, since a wasm module's stack is small.
const MAX_DEPTH: usize = 127;

/// Stands for a number that no `f64` holds, as serde_json can read it.
const LARGEST: &str = "1.797693134862315e308";

/// The text with what serde_json refuses replaced, so that it can be read; none where there is no such thing in it.
///
/// - Half of a surrogate pair (`"\ud800"`) becomes U+FFFD: no text of Rust's holds one.
/// - A number that no `f64` holds becomes the largest of its sign. `JSON.parse` makes infinity of it.
/// - What is nested deeper than 127 levels becomes `null`, and is not checked any further.
///
/// All else stays as it is: a text that is no JSON does not become one.
#[cold]
pub(super) fn repaired(text: &str) -> Option<String> {
    let mut repair = Repair { text, copied: 0, output: String::new() };
    repair.run();
    if repair.copied == 0 {
        return None;
    }
    repair.replace(text.len()..text.len(), "");
    Some(repair.output)
}

struct Repair<'a> {
    text: &'a str,
    /// How much of the text is in the output.
    copied: usize,
    output: String,
}

impl Repair<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth, mut before_deepest) = (0, 0_usize, 0);
        while let Some(byte) = bytes.get(at) {
            at = match byte {
                b'"' => self.string(at + 1),
                b'-' | b'0'..=b'9' => self.number(at),
                b'[' | b'{' => {
                    depth += 1;
                    if depth == MAX_DEPTH + 1 {
                        self.replace(at..at, "null");
                        before_deepest = self.output.len();
                    }
                    at + 1
                }
                b']' | b'}' => {
                    if depth == MAX_DEPTH + 1 {
                        self.output.truncate(before_deepest);
                        self.copied = at + 1;
                    }
                    depth = depth.saturating_sub(1);
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Gives where the text goes on after a string that begins at `at`.
    fn string(&mut self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            at = match (byte, self.escaped_unit(at)) {
                (b'"', _) => return at + 1,
                (_, Some(0xd800..=0xdbff)) if matches!(self.escaped_unit(at + 6), Some(0xdc00..=0xdfff)) => {
                    at + 12
                }
                (_, Some(0xd800..=0xdfff)) => {
                    self.replace(at..at + 6, "\\ufffd");
                    at + 6
                }
                (b'\\', _) => at + 2,
                _ => at + 1,
            };
        }
        at
    }

    /// The UTF-16 code unit that is written as `\u` and four digits.
    fn escaped_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    }

    /// Gives where the text goes on after a number that begins at `at`.
    fn number(&mut self, at: usize) -> usize {
        let Some(end) = end_of_number(self.text.as_bytes(), at) else { return at + 1 };
        let number = self.text.get(at..end).unwrap_or_default();
        if number.parse::<Number>().is_err() {
            self.replace(at + usize::from(number.starts_with('-'))..end, LARGEST);
        }
        end
    }

    fn replace(&mut self, range: Range<usize>, by: &str) {
        self.output.push_str(self.text.get(self.copied..range.start).unwrap_or_default());
        self.output.push_str(by);
        self.copied = range.end;
    }
}

/// Where a number ends that begins at `at`; none where it is none by JSON's grammar.
fn end_of_number(bytes: &[u8], at: usize) -> Option<usize> {
    let is = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|byte| any.contains(byte));
    let end_of_digits = |at: usize| {
        let count = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(at + count)
    };
    let at = at + usize::from(is(at, b"-"));
    let mut end = if is(at, b"0") { at + 1 } else { end_of_digits(at)? };
    if is(end, b".") {
        end = end_of_digits(end + 1)?;
    }
    if is(end, b"eE") {
        end = end_of_digits(end + 1 + usize::from(is(end + 1, b"+-")))?;
    }
    Some(end)
}
