//! The console shows a wrong setup without a logger. In debug builds, the default `unreachable` view shows it too.

use supertokens_session::SessionClient;

use crate::{Backend, Framework, Page, Probe, Response, Route, SECRET, Site, Value, View, settle};

/// Records the console's warnings until it is dropped.
struct ConsoleRecorder;

impl ConsoleRecorder {
    fn start() -> Self {
        let code = "window.warned = []; window.ownWarn = console.warn;
                    console.warn = (...all) => { warned.push(all.join(' ')) }";
        js_sys::eval(code).unwrap();
        Self
    }

    fn warnings(&self) -> Vec<String> {
        let all = js_sys::eval("JSON.stringify(warned)").unwrap().as_string().unwrap();
        serde_json::from_str(&all).unwrap()
    }
}

impl Drop for ConsoleRecorder {
    fn drop(&mut self) {
        js_sys::eval("console.warn = ownWarn").unwrap();
    }
}

fn web_page() -> Response {
    Response::Status(200, vec![("content-type", "text/html; charset=utf-8".to_owned())])
}

async fn open<F: Framework>(client: SessionClient, probe: Probe) -> Page {
    Site::new(client, probe)
        .routes([
            Route::open("/login", View::Text("login page")),
            Route::guarded("/guarded", View::Text(SECRET)),
        ])
        .open::<F>("/guarded")
        .await
}

pub(crate) async fn an_api_that_responds_with_a_web_page_is_reported_in_the_console_and_on_the_page<
    F: Framework,
>() {
    let (console, probe) = (ConsoleRecorder::start(), Probe::new());
    let backend = Backend::expired("u1").with_responses([web_page(), web_page()]);
    let page = open::<F>(backend.client(), probe).await;
    assert!(page.text().contains("is not responding"), "{}", page.text());
    assert!(page.text().contains("the refresh API returned a web page"), "{}", page.text());
    page.click("button").await;
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "a warning is written once: {warnings:?}");
    assert!(warnings[0].contains("returned a web page"), "{warnings:?}");
    assert!(warnings[0].contains("https://api.example.com/auth/session/refresh"), "{warnings:?}");
}

pub(crate) async fn a_network_failure_writes_no_warning_and_the_page_shows_the_cause<F: Framework>() {
    let (console, probe) = (ConsoleRecorder::start(), Probe::new());
    let page = open::<F>(Backend::expired("u1").with_responses([Response::Down]).client(), probe).await;
    assert!(page.text().contains("the session could not be refreshed"), "{}", page.text());
    assert!(console.warnings().is_empty(), "{:?}", console.warnings());
}

pub(crate) async fn a_sign_in_with_an_unexposed_front_token_is_reported_in_the_console<F: Framework>() {
    let (console, probe) = (ConsoleRecorder::start(), Probe::new());
    let backend = Backend::signed_out();
    let _page = open::<F>(backend.client(), probe).await;
    for path in ["/auth/signin?email=ann@example.com", "/auth/signin?email=bob@example.com"] {
        backend.respond(Response::Body(200, r#"{"status":"OK","user":{"id":"ann-4711"}}"#));
        probe.session().client().post(path).send().await.unwrap();
        settle().await;
    }
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("access-control-expose-headers: front-token"), "{warnings:?}");
    assert!(!warnings[0].contains("ann") && !warnings[0].contains("bob"), "{warnings:?}");
}

pub(crate) async fn an_invalid_front_token_is_reported_in_the_console<F: Framework>() {
    let (console, probe) = (ConsoleRecorder::start(), Probe::new());
    let backend = Backend::signed_in("u1");
    let _page = open::<F>(backend.client(), probe).await;
    for invalid in ["secret-no-token", "another-no-token"] {
        backend.respond(Response::Status(200, vec![("front-token", invalid.to_owned())]));
        probe.session().client().get("/orders/4711").send().await.unwrap();
    }
    settle().await;
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("front token"), "{warnings:?}");
    assert!(!warnings[0].contains("no-token") && !warnings[0].contains("4711"), "{warnings:?}");
}

pub(crate) async fn a_payload_that_does_not_fit_its_type_is_named_once_in_the_console<F: Framework>() {
    let (console, probe) = (ConsoleRecorder::start(), Probe::new());
    let reads = [Probe::new(), Probe::new()];
    let mut site =
        Site::new(Backend::signed_in("u1").client(), probe).routes([Route::open("/", View::Text(""))]);
    site.header.extend(reads.map(|read| View::Read(read, Value::Contract)));
    let _page = site.open::<F>("/").await;
    assert_eq!(reads.map(|read| read.shown()), ["None", "None"]);
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("does not fit") && warnings[0].contains("Contract"), "{warnings:?}");
}
