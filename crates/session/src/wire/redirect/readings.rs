//! Checks how lenient parsers could read a path.

use super::percent_decode;

/// Whether a path in any stage of decoding stays on the origin, and has no dot segments left, for every lenient parser.
pub(super) fn stays_on_origin(path: &str) -> bool {
    // Some decoders drop invalid UTF-8, others replace it.
    let dropped = path.replace(char::REPLACEMENT_CHARACTER, "");
    is_resolved_path(path) && is_resolved_path(&dropped) && !has_overlong(&percent_decode(path))
}

fn is_resolved_path(path: &str) -> bool {
    let is_dots = |segment: &str| matches!(segment.chars().count(), 1 | 2) && segment.chars().all(is_dot);
    !path.chars().nth(1).is_some_and(is_slash)
        && !path.contains(char::is_control)
        && !path.split(is_slash).any(is_dots)
}

/// Whether there may be an overlong UTF-8 character: some decoders read `C0 AF` as a slash.
fn has_overlong(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| {
        matches!(
            pair,
            [0xC0 | 0xC1, 0x80..=0xBF]
                | [0xE0, 0x80..=0x9F]
                | [0xF0, 0x80..=0x8F]
                | [0xF8, 0x80..=0x87]
                | [0xFC, 0x80..=0x83]
        )
    })
}

/// A slash, or a character that some parser reads as one.
pub(super) fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\' | '⁄' | '∕' | '∖' | '╱' | '╲' | '⟋' | '⟍' | '⧵' | '⧸' | '⧹' | '﹨' | '／' | '＼')
}

/// A dot, or a character that some parser reads as one or two.
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '․' | '‥' | '。' | '︰' | '﹒' | '．' | '｡')
}
