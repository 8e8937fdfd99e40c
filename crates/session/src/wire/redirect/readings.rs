//! What lenient readers make of a path.

use super::percent_decode;

/// Whether a path, decoded so far or not at all, keeps to our origin and has nothing left to resolve, however lenient
/// its reader is.
pub(super) fn stay_here(path: &str) -> bool {
    // Some decoders drop what is no UTF-8, others put a character of their own in its place.
    let dropped = path.replace(char::REPLACEMENT_CHARACTER, "");
    stays_here(path) && stays_here(&dropped) && !has_overlong(&percent_decode(path))
}

fn stays_here(path: &str) -> bool {
    let is_dots = |segment: &str| matches!(segment.chars().count(), 1 | 2) && segment.chars().all(is_dot);
    !path.chars().nth(1).is_some_and(is_slash)
        && !path.contains(char::is_control)
        && !path.split(is_slash).any(is_dots)
}

/// Whether there may be a character in a longer form than UTF-8 allows: some decoders read a slash in `C0 AF`.
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

/// A slash, or what some reader takes for one.
pub(super) fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\' | '⁄' | '∕' | '∖' | '╱' | '╲' | '⟋' | '⟍' | '⧵' | '⧸' | '⧹' | '﹨' | '／' | '＼')
}

/// A dot, or what some reader takes for one or two.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '․' | '‥' | '。' | '︰' | '﹒' | '．' | '｡')
}
