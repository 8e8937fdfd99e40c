//! Commands of ChromeDriver's own, which no WebDriver client knows.

use fantoccini::Client;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A line on the browser's console, with those that the browser itself writes.
#[derive(Debug, Clone)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// Who wrote it: `network`, `security`, `javascript`, `console-api`, …
    pub source: String,
    /// With the place in front.
    pub message: String,
}

/// What came onto the console since the last call, in all tabs.
pub(crate) async fn console(client: &Client) -> Result<Vec<ConsoleEntry>, CmdError> {
    let entries = client.issue_cmd(OfChrome("se/log", json!({ "type": "browser" }))).await?;
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let read = |entry: &Value| ConsoleEntry {
        level: text(entry, "level"),
        source: text(entry, "source"),
        message: text(entry, "message"),
    };
    Ok(entries.as_array().into_iter().flatten().map(read).collect())
}

/// Runs a script in each page that this tab loads from now on, before any of the page's own.
pub(crate) async fn run_first(client: &Client, script: &str) -> Result<(), CmdError> {
    devtools(client, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await.map(drop)
}

/// Scripts of this tab can no longer read or write cookies; the server's own work as ever.
pub(crate) async fn refuse_script_cookies(client: &Client) -> Result<(), CmdError> {
    devtools(client, "Emulation.setDocumentCookieDisabled", json!({ "disabled": true })).await.map(drop)
}

/// Pages that this tab loads from now on have no `navigator.locks`, as in contexts that are not secure.
pub(crate) async fn hide_web_locks(client: &Client) -> Result<(), CmdError> {
    let script = json!({ "source": "delete Navigator.prototype.locks" });
    devtools(client, "Page.addScriptToEvaluateOnNewDocument", script).await.map(drop)
}

async fn devtools(client: &Client, command: &str, parameters: Value) -> Result<Value, CmdError> {
    let parameters = json!({ "cmd": command, "params": parameters });
    client.issue_cmd(OfChrome("goog/cdp/execute", parameters)).await
}

/// Name and value of all the browser's cookies, those included that only other paths get.
pub(crate) async fn all_cookies(client: &Client) -> Result<Vec<(String, String)>, CmdError> {
    let answer = devtools(client, "Network.getAllCookies", json!({})).await?;
    let text = |cookie: &Value, name: &str| cookie[name].as_str().unwrap_or_default().to_owned();
    let cookies = answer["cookies"].as_array().into_iter().flatten();
    Ok(cookies.map(|cookie| (text(cookie, "name"), text(cookie, "value"))).collect())
}

#[derive(Debug)]
struct OfChrome(&'static str, Value);

impl WebDriverCompatibleCommand for OfChrome {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}
