/// The `url` crate follows the same standard as browsers.
pub(super) fn normalize(text: &str, base: &str) -> Option<String> {
    Some(url::Url::parse(base).ok()?.join(text).ok()?.into())
}
