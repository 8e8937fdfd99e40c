//! One suite for whatever makes requests on a page whose `fetch` and `XMLHttpRequest` are intercepted.

use std::fs;
use std::time::Duration;

use backend::SeenRequest;
use serde_json::{Value, json};

use crate::{Setting, Stage, USER, env, play};

/// Something that makes requests: JavaScript that defines `call(url, { method, body, headers, timeout, signal, up })`,
/// which gives `{ status, text }` or throws.
#[derive(Debug, Clone)]
pub struct Client {
    code: String,
    /// Whether it tells how far an upload is.
    shows_uploads: bool,
}

impl Client {
    pub fn fetch() -> Self {
        Self::of("fetch(url, init)")
    }

    /// As gloo-net and reqwest do it in a browser.
    pub fn fetch_of_request() -> Self {
        Self::of("fetch(new Request(url, init))")
    }

    fn of(call: &str) -> Self {
        let code = format!(
            "async (url, {{ timeout, signal, up, ...init }} = {{}}) => {{
                 init.signal = timeout ? AbortSignal.timeout(timeout) : signal;
                 const answer = await {call};
                 return {{ status: answer.status, text: await answer.text() }};
             }}"
        );
        Self { code, shows_uploads: false }
    }

    pub fn xhr() -> Self {
        let code = "(url, { method = 'GET', body, headers = {}, timeout, signal, up } = {}) =>
            new Promise((resolve, reject) => {
                const xhr = new XMLHttpRequest();
                xhr.onload = () => resolve({ status: xhr.status, text: xhr.responseText });
                for (const type of ['abort', 'error', 'timeout']) xhr['on' + type] = () => reject(new Error(type));
                if (up) xhr.upload.onprogress = event => up(event.loaded, event.total);
                xhr.open(method, url);
                for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name]);
                if (timeout) xhr.timeout = timeout;
                signal?.addEventListener('abort', () => xhr.abort());
                xhr.send(body);
            })";
        Self { code: code.to_owned(), shows_uploads: true }
    }

    /// axios as its bundle for browsers has it; it comes with supertokens-node.
    pub fn axios() -> Self {
        let file = env::sdk().join("node_modules/axios/dist/axios.min.js");
        let bundle = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let code = format!(
            "(() => {{
                 const module = {{ exports: {{}} }}, exports = module.exports;
                 {bundle}
                 const axios = module.exports;
                 return async (url, {{ method, body, headers, timeout, signal, up }} = {{}}) => {{
                     const answer = await axios({{
                         url, method, headers, timeout, signal, data: body, responseType: 'text',
                         transformResponse: text => text, validateStatus: () => true,
                         onUploadProgress: up && (event => up(event.loaded, event.total)),
                     }});
                     return {{ status: answer.status, text: answer.data }};
                 }};
             }})()"
        );
        Self { code, shows_uploads: true }
    }

    /// Plays all cases with it.
    pub async fn play_all(&self) {
        play(Setting::default(), async |stage| {
            stage.arrive(USER).await;
            self.foreign_requests_arrive_as_without_us(stage).await;
            stage.page.js("localStorage.setItem('example-interception', 'on')").await;
            stage.page.reload().await;
            stage.page.wait_for("dashboard-page").await;
            self.load(stage).await;
            self.an_answer(stage).await;
            self.an_expiry(stage).await;
            self.a_burst(stage).await;
            self.a_401_of_the_app_s_own(stage).await;
            self.a_403_that_names_claims(stage).await;
            self.a_body_that_is_sent_again(stage).await;
            self.an_upload(stage).await;
            self.an_abort(stage).await;
            self.a_timeout(stage).await;
            self.no_network(stage).await;
        })
        .await;
    }

    async fn load(&self, stage: &Stage) {
        stage.page.js(&format!("window.call = {}", self.code)).await;
    }

    /// `{ status, text }`, or `{ error }`.
    async fn call(&self, stage: &Stage, path: &str, init: &str) -> Value {
        let url = format!("{}{path}", stage.api_origin());
        let code = format!(
            "return await call({}, {init}).catch(error => ({{ error: error.name + ' ' + error.message }}))",
            json!(url)
        );
        stage.page.js_async(&code).await
    }

    async fn an_answer(&self, stage: &Stage) {
        stage.controls.reset_calls();
        let answer = self.call(stage, "/api/orders", "{}").await;
        assert_eq!(answer["status"], 200, "{answer}");
        assert!(answer["text"].as_str().is_some_and(|text| text.contains("Desk lamp")), "{answer}");
        assert_eq!(stage.call_names(), ["GET /api/orders"]);
        assert_eq!(header(&stage.calls()[0], "rid"), Some("anti-csrf"));
    }

    async fn an_expiry(&self, stage: &Stage) {
        stage.controls.expire_all();
        stage.controls.reset_calls();
        assert_eq!(self.call(stage, "/api/orders", "{}").await["status"], 200);
        assert_eq!(stage.call_names(), ["GET /api/orders", "POST /auth/session/refresh", "GET /api/orders"]);
    }

    async fn a_burst(&self, stage: &Stage) {
        stage.controls.expire_all();
        stage.controls.reset_calls();
        let url = json!(format!("{}/api/orders", stage.api_origin()));
        let code = format!(
            "const all = await Promise.all(Array.from({{ length: 20 }}, () => call({url})));
             return all.filter(answer => answer.status === 200).length"
        );
        assert_eq!(stage.page.js_async(&code).await, 20);
        assert_eq!(stage.refreshes(), 1);
    }

    async fn a_401_of_the_app_s_own(&self, stage: &Stage) {
        stage.controls.reset_calls();
        let answer = self.call(stage, "/api/always-401", "{}").await;
        assert_eq!(answer["status"], 401, "{answer}");
        assert!(answer["text"].as_str().is_some_and(|text| text.contains("not for you")), "{answer}");
        assert_eq!(stage.refreshes(), 10, "as many as the settings say");
        let once = "{ headers: { 'supertokens-interception': 'once' } }";
        stage.controls.reset_calls();
        assert_eq!(self.call(stage, "/api/always-401", once).await["status"], 401);
        assert_eq!(stage.call_names(), ["GET /api/always-401"]);
    }

    async fn a_403_that_names_claims(&self, stage: &Stage) {
        let before = stage.page.events("ApiInvalidClaim").await;
        let answer = self.call(stage, "/api/invoices", "{}").await;
        assert_eq!(answer["status"], 403, "{answer}");
        assert!(answer["text"].as_str().is_some_and(|text| text.contains("st-ev")), "{answer}");
        assert_eq!(stage.page.events("ApiInvalidClaim").await, before + 1);
    }

    async fn a_body_that_is_sent_again(&self, stage: &Stage) {
        for body in ["text", "new Blob([text])", "new TextEncoder().encode(text)"] {
            stage.controls.expire_all();
            stage.controls.reset_calls();
            let init = format!(
                "(text => ({{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }}, body: {body} }}))(
                     JSON.stringify({{ item: 'Lamp', quantity: 3 }}))"
            );
            let answer = self.call(stage, "/api/orders", &init).await;
            assert_eq!(answer["status"], 201, "{body}: {answer}");
            assert_eq!(stage.controls.calls("POST", "/api/orders"), 2, "{body}");
        }
    }

    /// Two megabytes that the API does not want, sent twice, of which the app sees one.
    async fn an_upload(&self, stage: &Stage) {
        if !self.shows_uploads {
            return;
        }
        stage.controls.expire_all();
        stage.page.js("window.ups = []").await;
        let init = "{ method: 'POST', body: new Blob(['x'.repeat(2000000)]), up: (loaded, total) => ups.push(loaded, total) }";
        let answer = self.call(stage, "/api/always-401", init).await;
        assert_eq!(answer["status"], 401, "{answer}");
        let grows = "const loaded = ups.filter((_, i) => i % 2 === 0);
                     return loaded.length > 0 && loaded.every((n, i) => i === 0 || n >= loaded[i - 1])";
        assert_eq!(stage.page.js(grows).await, true, "{}", stage.page.js("return ups").await);
    }

    async fn an_abort(&self, stage: &Stage) {
        stage.controls.delay("/api/orders", Duration::from_secs(2));
        stage.page.js("window.abort = new AbortController(); setTimeout(() => abort.abort(), 200)").await;
        let answer = self.call(stage, "/api/orders", "{ signal: abort.signal }").await;
        let error = answer["error"].as_str().unwrap_or_default().to_lowercase();
        assert!(error.contains("abort") || error.contains("cancel"), "{answer}");
    }

    async fn a_timeout(&self, stage: &Stage) {
        stage.controls.delay("/api/orders", Duration::from_secs(2));
        let answer = self.call(stage, "/api/orders", "{ timeout: 200 }").await;
        let error = answer["error"].as_str().unwrap_or_default().to_lowercase();
        assert!(error.contains("time"), "{answer}");
        stage.controls.delay("/api/orders", Duration::ZERO);
    }

    async fn no_network(&self, stage: &Stage) {
        // The same host, so it is ours; nobody listens there.
        let code = "return await call('http://localhost:1/x').catch(error => ({ error: error.name }))";
        let answer = stage.page.js_async(code).await;
        assert!(answer["error"].as_str().is_some(), "{answer}");
        assert_eq!(stage.page.text("status").await, "Signed in", "nobody is signed out");
    }

    /// A host that is not the API's sees each request as it would without us, header for header.
    async fn foreign_requests_arrive_as_without_us(&self, stage: &Stage) {
        let plain = self.foreign(stage).await;
        stage.page.js("localStorage.setItem('example-interception', 'on')").await;
        stage.page.reload().await;
        stage.page.wait_for("dashboard-page").await;
        let intercepted = self.foreign(stage).await;
        assert_eq!(plain.len(), 3, "{plain:?}");
        assert_eq!(plain, intercepted);
    }

    async fn foreign(&self, stage: &Stage) -> Vec<String> {
        self.load(stage).await;
        let port = stage.site().origin().rsplit(':').next().unwrap_or_default().to_owned();
        let before = stage.site().requests().len();
        let code = format!(
            "const foreign = 'http://127.0.0.1:{port}/foreign.txt';
             await call(foreign).catch(() => {{}});
             await call(foreign + '?a=%20b', {{ method: 'POST', body: 'text' }}).catch(() => {{}});
             await call(foreign, {{ method: 'POST', body: new Blob(['blob']), headers: {{ Accept: 'x/y' }} }})
                 .catch(() => {{}})"
        );
        stage.page.js_async(&code).await;
        let seen = stage.site().requests().split_off(before);
        seen.into_iter().filter(|seen| seen.path == "/foreign.txt").map(|seen| format!("{seen:?}")).collect()
    }
}

fn header<'a>(seen: &'a SeenRequest, name: &str) -> Option<&'a str> {
    seen.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
