//! The built app, served from a folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use backend::{Generation, Options, Origins, spa_router};
use common::{Api, api, bare};

const INDEX: &str = "<!doctype html><meta name=\"api-domain\" content=\"\"><p>App</p>";

/// A folder with a built app, which is removed at the end.
struct Dist {
    root: PathBuf,
}

impl Dist {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("spa-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("dist/assets")).unwrap();
        fs::write(root.join("dist/index.html"), INDEX).unwrap();
        fs::write(root.join("dist/app.js"), "export {};").unwrap();
        fs::write(root.join("dist/app_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
        fs::write(root.join("dist/assets/app.css"), "p{}").unwrap();
        fs::write(root.join("secret.txt"), "secret").unwrap();
        Self { root }
    }

    fn path(&self) -> PathBuf {
        self.root.join("dist")
    }

    fn router(&self) -> Api {
        self.router_for(None)
    }

    fn router_for(&self, api: Option<String>) -> Api {
        Api {
            router: spa_router(self.path(), Origins { api, ..Origins::default() }),
            generation: Generation::Current,
        }
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.root).ok();
    }
}

#[tokio::test]
async fn files_have_the_content_types_that_browsers_require() {
    let dist = Dist::new();
    let app = dist.router();
    for (path, mime) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/app.js", "text/javascript"),
        ("/app_bg.wasm", "application/wasm"),
        ("/assets/app.css", "text/css"),
    ] {
        let response = bare(&app, "GET", path, &[]).await.is(200);
        let found = response.header("content-type").unwrap();
        assert!(found.split(';').next() == Some(mime), "{path}: {found}");
    }
    assert_eq!(bare(&app, "GET", "/app_bg.wasm", &[]).await.bytes, b"\0asm\x01\0\0\0");
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let dist = Dist::new();
    let app = dist.router();
    for path in ["/", "/deep/link", "/app.js", "/missing.js", "/api/nothing"] {
        let response = bare(&app, "GET", path, &[]).await;
        assert_eq!(
            response.header("content-security-policy"),
            Some(
                "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                 connect-src 'self' http: https: ws: wss:; img-src 'self' data:; frame-ancestors 'none'; \
                 base-uri 'none'; form-action 'self'"
            )
        );
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("referrer-policy"), Some("same-origin"));
        assert_eq!(response.header("cache-control"), Some("no-cache"));
    }
}

#[tokio::test]
async fn deep_links_get_the_page_and_missing_files_do_not() {
    let dist = Dist::new();
    let app = dist.router();
    for path in
        ["/login", "/orders/1?tab=2", "/authors", "/apiary", "/users/jo@example.com", "/assets", "/assets/"]
    {
        assert_eq!(bare(&app, "GET", path, &[]).await.is(200).text(), INDEX, "{path}");
    }
    for path in
        ["/missing.js", "/old_bg.wasm", "/auth", "/auth/session/refresh", "/api/x", "/api", "/test/counts"]
    {
        let response = bare(&app, "GET", path, &[]).await.is(404);
        assert!(!response.text().contains("App"), "{path}");
    }
}

#[tokio::test]
async fn origins_are_written_into_the_page() {
    let dist = Dist::new();
    let page = ["api-domain", "website-domain", "return-origin", "session-domain"];
    let page = page.map(|name| format!(r#"<meta name="{name}" content="">"#)).join("");
    fs::write(dist.path().join("index.html"), page).unwrap();
    let origins = Origins {
        api: Some("https://api.example.com".to_owned()),
        website: Some("https://example.com".to_owned()),
        return_to: None,
        session_domain: Some(".example.com".to_owned()),
    };
    let app = Api { router: spa_router(dist.path(), origins), generation: Generation::Current };
    let expected = "<meta name=\"api-domain\" content=\"https://api.example.com\">\
                    <meta name=\"website-domain\" content=\"https://example.com\">\
                    <meta name=\"return-origin\" content=\"\">\
                    <meta name=\"session-domain\" content=\".example.com\">";
    assert_eq!(bare(&app, "GET", "/", &[]).await.is(200).text(), expected);
}

#[tokio::test]
async fn the_api_is_written_into_the_page_and_escaped() {
    let dist = Dist::new();
    let app = dist.router_for(Some("https://api.example.com/\"><script>'&".to_owned()));
    let expected = "content=\"https://api.example.com/&quot;&gt;&lt;script&gt;&#39;&amp;\">";
    for path in ["/", "/index.html", "/deep/link"] {
        let page = bare(&app, "GET", path, &[]).await.is(200).text();
        assert!(page.contains(expected), "{page}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let dist = Dist::new();
    let app = dist.router();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
    ] {
        let text = bare(&app, "GET", path, &[]).await.text();
        assert!(!text.contains("secret") && !text.contains("root:"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_rebuilt_app_is_served_at_once_and_a_missing_one_is_reported() {
    let dist = Dist::new();
    let app = dist.router();
    fs::write(dist.path().join("index.html"), "<p>Rebuilt</p>").unwrap();
    assert_eq!(bare(&app, "GET", "/", &[]).await.is(200).text(), "<p>Rebuilt</p>");
    fs::remove_file(dist.path().join("index.html")).unwrap();
    assert!(bare(&app, "GET", "/", &[]).await.is(404).text().contains("Build the app first."));
}

#[tokio::test]
async fn app_and_api_share_one_origin() {
    let dist = Dist::new();
    let (app, _) = api(Options { dist: Some(dist.path()), ..Options::default() });
    assert_eq!(bare(&app, "GET", "/orders", &[]).await.is(200).text(), INDEX);
    bare(&app, "GET", "/api/public", &[]).await.is(200);
    bare(&app, "GET", "/api/orders", &[]).await.expect_unauthorised("unauthorised");
    for (method, path) in [("GET", "/api/nothing"), ("POST", "/auth/nothing"), ("POST", "/test/expire")] {
        assert_eq!(bare(&app, method, path, &[]).await.is(404).message(), "not found", "{path}");
    }
}
