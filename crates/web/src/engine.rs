//! Detects the browser engine, for workarounds of one engine's bugs.

use js_sys::Reflect;

use crate::page::Page;

/// Whether the page runs in WebKit: Safari, every browser on iOS, WebKitGTK.
pub(crate) fn is_webkit(page: &Page) -> bool {
    let navigator = page.window().navigator();
    let text = |name: &str| Reflect::get(&navigator, &name.into()).ok().and_then(|text| text.as_string());
    is_webkit_by_names(&text("vendor").unwrap_or_default(), &text("userAgent").unwrap_or_default())
}

/// By the HTML standard the vendor names the engine. The user agent may name another browser, as in device emulation.
fn is_webkit_by_names(vendor: &str, user_agent: &str) -> bool {
    let names_only_webkit = user_agent.contains("AppleWebKit/") && !user_agent.contains("Chrom");
    vendor.starts_with("Apple") || (vendor.is_empty() && names_only_webkit)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const APPLE: &str = "Apple Computer, Inc.";
    const GOOGLE: &str = "Google Inc.";

    #[test]
    fn webkit_differs_from_all_other_engines() {
        for (vendor, user_agent, expected) in [
            // Safari on macOS, iOS and iPadOS
            (
                APPLE,
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
                true,
            ),
            (
                APPLE,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
                true,
            ),
            // Chrome, Firefox and Edge on iOS, and a web view
            (
                APPLE,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/123.0.6312.52 Mobile/15E148 Safari/604.1",
                true,
            ),
            (
                APPLE,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/124.0 Mobile/15E148 Safari/605.1.15",
                true,
            ),
            (
                APPLE,
                "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) EdgiOS/122.0.2365.99 Version/17.0 Mobile/15E148 Safari/604.1",
                true,
            ),
            (
                APPLE,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                true,
            ),
            // WebKitGTK: by default, with Chrome's user agent, and without a vendor
            (
                APPLE,
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
                true,
            ),
            (
                APPLE,
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
                true,
            ),
            (
                "",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
                true,
            ),
            // Chrome, headless Chrome, Edge, Opera, a web view, Samsung's browser, Chromium
            (
                GOOGLE,
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36",
                false,
            ),
            (
                GOOGLE,
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/123.0.0.0 Safari/537.36",
                false,
            ),
            (
                GOOGLE,
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36 Edg/123.0.2420.65",
                false,
            ),
            (
                GOOGLE,
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0",
                false,
            ),
            (
                GOOGLE,
                "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/123.0.6312.40 Mobile Safari/537.36",
                false,
            ),
            (
                GOOGLE,
                "Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
                false,
            ),
            (
                "",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/90 Safari/537.36",
                false,
            ),
            // Chrome that emulates an iPhone
            (
                GOOGLE,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
                false,
            ),
            // Firefox on a desktop and on Android
            (
                "",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:124.0) Gecko/20100101 Firefox/124.0",
                false,
            ),
            ("", "Mozilla/5.0 (Android 14; Mobile; rv:124.0) Gecko/124.0 Firefox/124.0", false),
            ("", "", false),
        ] {
            assert_eq!(is_webkit_by_names(vendor, user_agent), expected, "{vendor:?}, {user_agent}");
        }
    }
}
