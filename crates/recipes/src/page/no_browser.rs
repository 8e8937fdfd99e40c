//! Outside a browser there is no URL and no storage.

use super::Area;

pub(super) fn load(_: Area, _: &str) -> Option<String> {
    None
}

pub(super) fn store(_: Area, _: &str, _: Option<&str>) -> bool {
    false
}

pub(super) fn navigate(_: &str) {}

pub(super) fn query() -> String {
    String::new()
}

pub(super) fn fragment() -> String {
    String::new()
}
