//! The cases, each written once.

use std::time::Duration;

use e2e::Elsewhere;
use serde_json::Value;

use crate::desk::{Desk, Mode, RETRIES, at};
use crate::uploads;

/// Makes a test of each case, and of further ones of the client.
macro_rules! all_cases {
    ($client:expr $(, $more:ident)*) => {
        all_cases! {
            @ $client,
            $($more)*
            a_response
            a_response_with_tokens_in_headers
            an_expiry
            an_expiry_with_tokens_in_headers
            a_burst
            a_401_of_the_app_itself
            a_403_that_names_claims
            a_retried_body
            a_retried_body_with_tokens_in_headers
            an_upload
            an_abort
            an_abort_during_a_refresh
            a_timeout
            a_timeout_during_a_refresh
            no_network
            a_request_to_another_host
        }
    };
    (@ $client:expr, $($case:ident)*) => {
        $(#[tokio::test] async fn $case() { crate::cases::$case($client).await; })*
    };
}

type Client = &'static str;

const GET: &str = "GET /api/orders";
const POST: &str = "POST /api/orders";
const REFRESH: &str = "POST /auth/session/refresh";

const SOON: u64 = 300;
const LATE: Duration = Duration::from_millis(1500);

pub async fn a_response(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        gets_a_response(desk).await;
        let call = desk.only_call();
        assert!(call.header("cookie").is_some_and(|cookies| cookies.contains("sAccessToken=")));
        assert_eq!((call.header("st-auth-mode"), call.header("authorization")), (Some("cookie"), None));
    })
    .await;
}

pub async fn a_response_with_tokens_in_headers(client: Client) {
    at(client, Mode::Headers, async |desk| {
        gets_a_response(desk).await;
        let call = desk.only_call();
        assert!(call.header("authorization").is_some_and(|value| value.starts_with("Bearer ")));
        assert_eq!(call.header("st-auth-mode"), Some("header"));
        assert!(!call.header("cookie").unwrap_or_default().contains("sAccessToken"));
    })
    .await;
}

async fn gets_a_response(desk: &Desk<'_>) {
    let response = desk.call("/api/orders", "{}").await;
    assert_eq!(response["status"], 200, "{response}");
    assert!(text(&response).contains("Desk lamp"), "{response}");
    assert_eq!(desk.only_call().header("rid"), Some("anti-csrf"));
}

pub async fn an_expiry(client: Client) {
    at(client, Mode::Cookies, one_refresh).await;
}

pub async fn an_expiry_with_tokens_in_headers(client: Client) {
    at(client, Mode::Headers, one_refresh).await;
}

async fn one_refresh(desk: &mut Desk<'_>) {
    desk.expire();
    let response = desk.call("/api/orders", "{}").await;
    assert_eq!(response["status"], 200, "{response}");
    assert_eq!(desk.calls(), [GET, REFRESH, GET]);
}

pub async fn a_burst(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        desk.expire();
        let code = format!(
            "const all = await Promise.all(Array.from({{ length: 20 }}, () => {}));
             return all.map(response => response.status)",
            desk.code("/api/orders", "{}")
        );
        let statuses = desk.page().js_async(&code).await;
        assert_eq!(statuses, Value::from(vec![200; 20]));
        assert_eq!(desk.stage.refreshes(), 1);
    })
    .await;
}

pub async fn a_401_of_the_app_itself(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        let response = desk.call("/api/always-401", "{}").await;
        assert_eq!((&response["status"], text(&response)), (&401.into(), r#"{"message":"not for you"}"#));
        assert_eq!(desk.stage.refreshes(), RETRIES, "as many as in the settings");

        desk.controls().reset_calls();
        let once = "{ headers: { 'supertokens-interception': 'once' } }";
        let response = desk.call("/api/always-401", once).await;
        assert_eq!((&response["status"], text(&response)), (&401.into(), r#"{"message":"not for you"}"#));
        assert_eq!(desk.only_call().header("supertokens-interception"), None, "it is not sent");
        desk.is_unharmed().await;
    })
    .await;
}

pub async fn a_403_that_names_claims(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        let response = desk.call("/api/invoices", "{}").await;
        assert_eq!(response["status"], 403, "{response}");
        assert!(text(&response).contains(r#""claimValidationErrors":[{"id":"st-ev""#), "{response}");
        assert_eq!(desk.events("ApiInvalidClaim").await, 1);
        assert_eq!(desk.calls(), ["GET /api/invoices"]);
        desk.is_unharmed().await;
    })
    .await;
}

pub async fn a_retried_body(client: Client) {
    at(client, Mode::Cookies, bodies_are_retried).await;
}

pub async fn a_retried_body_with_tokens_in_headers(client: Client) {
    at(client, Mode::Headers, bodies_are_retried).await;
}

async fn bodies_are_retried(desk: &mut Desk<'_>) {
    for body in ["text", "new Blob([text])", "new TextEncoder().encode(text)"] {
        desk.expire();
        let init = format!(
            "(text => ({{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }}, body: {body} }}))(
                 JSON.stringify({{ item: 'Lämp', quantity: 3 }}))"
        );
        let response = desk.call("/api/orders", &init).await;
        assert_eq!(response["status"], 201, "{body}: {response}");
        assert!(text(&response).contains("Lämp"), "{body}: {response}");
        assert_eq!(desk.calls(), [POST, REFRESH, POST], "{body}");
    }
}

pub async fn an_upload(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        for body in [uploads::code(), format!("new Blob([{}])", uploads::code())] {
            desk.expire();
            let response = desk.call(uploads::PATH, &format!("{{ method: 'POST', body: {body} }}")).await;
            assert_eq!(
                (&response["status"], text(&response)),
                (&200.into(), uploads::whole().as_str()),
                "{response}"
            );
            assert_eq!((desk.controls().calls("POST", uploads::PATH), desk.stage.refreshes()), (2, 1));
        }
    })
    .await;
}

/// The app sees the progress of one upload, however often it is sent.
pub async fn an_upload_with_progress(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        let init = format!(
            "{{ method: 'POST', body: new Blob([{}]), up: (...of) => ups.push(of) }}",
            uploads::code()
        );
        for is_expired in [false, true] {
            desk.page().js("window.ups = []").await;
            if is_expired {
                desk.expire();
            }
            let response = desk.call(uploads::PATH, &init).await;
            assert_eq!(text(&response), uploads::whole(), "{response}");
            let ups: Vec<(usize, usize)> =
                serde_json::from_value(desk.page().js("return ups").await).unwrap();
            assert!(ups.is_sorted() && ups.iter().all(|(_, total)| *total == uploads::LEN), "{ups:?}");
            assert_eq!(ups.last(), Some(&(uploads::LEN, uploads::LEN)), "{ups:?}");
        }
    })
    .await;
}

pub async fn an_abort(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        ends_early(desk, "/api/orders", ABORT, "abort").await;
        assert_eq!(desk.calls(), [GET]);
        desk.is_unharmed().await;
    })
    .await;
}

/// The refresh is shared, so it continues.
pub async fn an_abort_during_a_refresh(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        desk.expire();
        ends_early(desk, "/auth/session/refresh", ABORT, "abort").await;
        assert_eq!(desk.calls(), [GET, REFRESH]);
        desk.is_unharmed().await;
    })
    .await;
}

pub async fn a_timeout(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        ends_early(desk, "/api/orders", TIMEOUT, "timeout").await;
        assert_eq!(desk.calls(), [GET]);
        desk.is_unharmed().await;
    })
    .await;
}

pub async fn a_timeout_during_a_refresh(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        desk.expire();
        ends_early(desk, "/auth/session/refresh", TIMEOUT, "timeout").await;
        assert_eq!(desk.calls(), [GET, REFRESH]);
        desk.is_unharmed().await;
    })
    .await;
}

const ABORT: &str =
    "{ signal: (abort => (setTimeout(() => abort.abort(), SOON), abort.signal))(new AbortController()) }";
const TIMEOUT: &str = "{ timeout: SOON }";

/// Ends a call during a slow response, and waits until that response has arrived too.
async fn ends_early(desk: &Desk<'_>, slow: &str, init: &str, kind: &str) {
    desk.controls().delay(slow, LATE);
    let code = format!(
        "const start = performance.now();
         const outcome = await {};
         return {{ ...outcome, took: performance.now() - start }}",
        desk.code("/api/orders", &init.replace("SOON", &SOON.to_string()))
    );
    let outcome = desk.page().js_async(&code).await;
    assert_eq!(outcome["kind"], kind, "{outcome}");
    let took = outcome["took"].as_f64().unwrap();
    assert!(took < LATE.as_secs_f64() * 1000.0, "it waited for the response: {outcome}");
    desk.controls().delay(slow, Duration::ZERO);
    tokio::time::sleep(LATE).await;
}

pub async fn no_network(client: Client) {
    at(client, Mode::Cookies, async |desk| {
        desk.stage.api.stop().await;
        let outcome = desk.call("/api/orders", "{}").await;
        assert_eq!(outcome["kind"], "network", "{outcome}");
        desk.stage.api.restart().await.expect("its port");
        desk.is_unharmed().await;
    })
    .await;
}

/// Another host gets each request with the same headers as without interception.
pub async fn a_request_to_another_host(client: Client) {
    at(client, Mode::Headers, async |desk| {
        let intercepted = seen_elsewhere(desk).await;
        desk.open("/?plain").await;
        let plain = seen_elsewhere(desk).await;
        assert_eq!(plain.len(), 3, "{plain:?}");
        assert_eq!(intercepted, plain);
    })
    .await;
}

async fn seen_elsewhere(desk: &Desk<'_>) -> Vec<String> {
    let elsewhere = Elsewhere::start().await;
    for (path, init) in [
        ("/a", "{}"),
        ("/b?a=%20b", "{ method: 'POST', body: 'text' }"),
        ("/c", "{ method: 'POST', body: new Blob(['blob']), headers: { Accept: 'x/y' } }"),
    ] {
        let code = desk.code_for(&format!("{}{path}", elsewhere.url()), init);
        let response = desk.page().js_async(&format!("return {code}")).await;
        assert_eq!(text(&response), "hello from elsewhere", "{response}");
    }
    let all = elsewhere.requests().into_iter().filter(|seen| seen.method != "OPTIONS");
    // The port differs each time.
    all.map(|seen| format!("{seen:?}").replace(&elsewhere.url()[7..], "")).collect()
}

fn text(response: &Value) -> &str {
    response["text"].as_str().unwrap_or_default()
}
