//! Repairs JSON that `JSON.parse` accepts and serde_json refuses.

use std::ops::Range;

use serde_json::Number;

/// serde_json reads no deeper, because a wasm module's stack is small.
const MAX_DEPTH: usize = 127;

/// Replaces a number that is too large for `f64`, in a form that serde_json reads.
const LARGEST: &str = "1.797693134862315e308";

/// Replaces everything that serde_json refuses; returns none if there is nothing to replace.
///
/// - Half of a surrogate pair (`"\ud800"`) becomes U+FFFD: Rust strings can't contain it.
/// - A number that is too large for `f64` becomes the largest `f64` with its sign. `JSON.parse` returns infinity.
/// - A value below 127 levels becomes `null`, and is not checked.
///
/// The rest is unchanged: invalid JSON stays invalid.
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
    /// The number of bytes of the text that the output covers.
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

    /// Reads a string that begins at `at`. Returns the position after it.
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

    /// The UTF-16 code unit of an escape (`\u` and four digits).
    fn escaped_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    }

    /// Reads a number that begins at `at`. Returns the position after it.
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

/// The end of a number that begins at `at`; none if it is not a JSON number.
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
