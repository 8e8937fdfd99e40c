//! Parses and writes the text of cookies.

use super::api_scope::Domain;

/// The attributes of the cookies that script writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieAttributes {
    /// The domain to set; none for the page's host only.
    pub domain: Option<Domain>,
    /// True in an iframe of another site: then a cookie must be `samesite=none;secure`.
    pub cross_site: bool,
}

/// The value of the first cookie with that name in the text of `document.cookie`.
///
/// ```
/// use supertokens_session::internal::cookie::find;
///
/// assert_eq!(find("a=1; sFrontToken=eyJ9==; b=2", "sFrontToken"), Some("eyJ9=="));
/// assert_eq!(find("xsFrontToken=1", "sFrontToken"), None);
/// ```
pub fn find<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        (known.trim() == name).then(|| value.trim())
    })
}

/// The first value of each name, in one pass over the text of all cookies.
///
/// ```
/// use supertokens_session::internal::cookie::find_all;
///
/// assert_eq!(find_all("a=1; b=2=; a=3; c", &["b", "a", "c"]), [Some("2="), Some("1"), None]);
/// ```
pub fn find_all<'a, const N: usize>(cookies: &'a str, names: &[&str; N]) -> [Option<&'a str>; N] {
    let mut found = [None; N];
    for (name, value) in cookies.split(';').filter_map(|pair| pair.split_once('=')) {
        if let Some(at) = names.iter().position(|known| *known == name.trim()) {
            found[at] = found[at].or(Some(value.trim()));
        }
    }
    found
}

/// The text that sets a cookie without an expiry.
pub fn set(name: &str, value: &str, attributes: &CookieAttributes) -> String {
    write(name, value, "Fri, 31 Dec 9999 23:59:59 GMT", attributes)
}

/// WebKitGTK counts in 32 bits: a longer age would become negative and remove the cookie.
const MAX_AGE_S: i64 = i32::MAX as i64;

/// The text that sets a cookie for `seconds`, at most 68 years.
pub fn set_for(name: &str, value: &str, seconds: i64, attributes: &CookieAttributes) -> String {
    // `max-age` overrides `expires`, and needs no calendar.
    format!("{};max-age={}", set(name, value, attributes), seconds.clamp(0, MAX_AGE_S))
}

/// The text that removes a cookie.
pub fn remove(name: &str, attributes: &CookieAttributes) -> String {
    write(name, "", "Thu, 01 Jan 1970 00:00:00 GMT", attributes)
}

fn write(name: &str, value: &str, expires: &str, attributes: &CookieAttributes) -> String {
    let domain = attributes.domain.as_ref().map(|d| format!(";domain={}", d.as_str())).unwrap_or_default();
    let same_site = if attributes.cross_site { "none;secure" } else { "lax" };
    format!("{name}={value};expires={expires}{domain};path=/;samesite={same_site}")
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn finds_cookies_by_their_whole_name() {
        let text = "sFrontToken2=no; st-access-token=a.b.c;sFrontToken=yes=; novalue; =x";
        assert_eq!(find(text, "sFrontToken"), Some("yes="));
        assert_eq!(find(text, "st-access-token"), Some("a.b.c"));
        assert_eq!(find(text, "novalue"), None);
        assert_eq!(find("", "a"), None);
        assert_eq!(find_all(text, &["st-access-token", "novalue", ""]), [Some("a.b.c"), None, Some("x")]);
    }

    #[test]
    fn writes_the_cookie_attributes_of_the_protocol() {
        let own = CookieAttributes { domain: None, cross_site: false };
        assert_eq!(set("n", "v", &own), "n=v;expires=Fri, 31 Dec 9999 23:59:59 GMT;path=/;samesite=lax");
        assert!(set_for("n", "v", 90, &own).ends_with(";max-age=90"));
        assert!(set_for("n", "v", -1, &own).ends_with(";max-age=0"));
        assert!(set_for("n", "v", i64::MAX, &own).ends_with(";max-age=2147483647"));
        let shared = CookieAttributes { domain: Domain::parse(".example.com").ok(), cross_site: true };
        assert_eq!(
            remove("n", &shared),
            "n=;expires=Thu, 01 Jan 1970 00:00:00 GMT;domain=example.com;path=/;samesite=none;secure"
        );
    }
}
