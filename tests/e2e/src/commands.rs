//! Commands that the WebDriver client lacks. [`crate::substitutes`] replaces those of ChromeDriver for other drivers.

use std::time::SystemTime;

use fantoccini::Client;
use fantoccini::cookies::Cookie;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A line of the browser's console, including the browser's own lines.
#[derive(Debug, Clone)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// Its source: `network`, `security`, `javascript`, `console-api`, …
    pub source: String,
    /// The text, after the position in the source.
    pub message: String,
}

/// The console lines of all tabs since the last call.
pub(crate) async fn console(client: &Client) -> Result<Vec<ConsoleEntry>, CmdError> {
    let response = client.issue_cmd(OfChrome("se/log", json!({ "type": "browser" }))).await?;
    Ok(entries(&response))
}

pub(crate) fn entries(lines: &Value) -> Vec<ConsoleEntry> {
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let read = |entry: &Value| ConsoleEntry {
        level: text(entry, "level"),
        source: text(entry, "source"),
        message: text(entry, "message"),
    };
    lines.as_array().into_iter().flatten().map(read).collect()
}

/// Scripts of this tab can no longer read or write cookies; the server's cookies still work.
pub(crate) async fn refuse_script_cookies(client: &Client) -> Result<(), CmdError> {
    devtools(client, "Emulation.setDocumentCookieDisabled", json!({ "disabled": true })).await.map(drop)
}

/// Shows this tab, as a click on it does.
pub(crate) async fn bring_to_front(client: &Client) -> Result<(), CmdError> {
    devtools(client, "Page.bringToFront", json!({})).await.map(drop)
}

async fn devtools(client: &Client, command: &str, parameters: Value) -> Result<Value, CmdError> {
    let parameters = json!({ "cmd": command, "params": parameters });
    client.issue_cmd(OfChrome("goog/cdp/execute", parameters)).await
}

/// Name and value of all the browser's cookies, including those of other paths.
pub(crate) async fn all_cookies(client: &Client) -> Result<Vec<(String, String)>, CmdError> {
    let response = devtools(client, "Network.getAllCookies", json!({})).await?;
    let text = |cookie: &Value, name: &str| cookie[name].as_str().unwrap_or_default().to_owned();
    let cookies = response["cookies"].as_array().into_iter().flatten();
    Ok(cookies.map(|cookie| (text(cookie, "name"), text(cookie, "value"))).collect())
}

/// All cookies of the page's path, in a form that can be set again. The expiry is left out: WebKitGTK's driver returns
/// one in 9999 as a time before 1970, which its client rejects.
pub(crate) async fn cookies(client: &Client) -> Result<Vec<Cookie<'static>>, CmdError> {
    let cookies = client.issue_cmd(Cookies).await?;
    Ok(cookies.as_array().into_iter().flatten().filter(|json| !has_expired(json)).map(cookie).collect())
}

/// geckodriver returns expired cookies too.
fn has_expired(json: &Value) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    json["expiry"].as_u64().is_some_and(|expiry| expiry <= now)
}

fn cookie(json: &Value) -> Cookie<'static> {
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    let is = |name: &str| json[name].as_bool().unwrap_or_default();
    // Without `SameSite` geckodriver sets `None`, which it rejects unless the cookie is secure.
    let same_site = match text("sameSite") {
        "Strict" => "Strict",
        "None" if is("secure") => "None",
        _ => "Lax",
    };
    let mut cookie = Cookie::parse(format!("x=; SameSite={same_site}")).expect("a cookie");
    cookie.set_name(text("name").to_owned());
    cookie.set_value(text("value").to_owned());
    cookie.set_path(text("path").to_owned());
    // The page's own host, if it has no dot: geckodriver reads it as a domain, and rejects `localhost`.
    if text("domain").starts_with('.') {
        cookie.set_domain(text("domain").to_owned());
    }
    cookie.set_secure(is("secure"));
    cookie.set_http_only(is("httpOnly"));
    cookie
}

/// Sets a cookie on the page. Missing attributes are left out, since WebKitGTK's driver rejects null.
pub(crate) async fn add_cookie(client: &Client, cookie: &Cookie<'static>) -> Result<(), CmdError> {
    let mut json = json!({ "name": cookie.name(), "value": cookie.value() });
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            json[name] = value;
        }
    };
    set("path", cookie.path().map(Value::from));
    set("domain", cookie.domain().map(Value::from));
    set("secure", cookie.secure().map(Value::from));
    set("httpOnly", cookie.http_only().map(Value::from));
    set("sameSite", cookie.same_site().map(|same_site| same_site.to_string().into()));
    client.issue_cmd(AddCookie(json!({ "cookie": json }))).await.map(drop)
}

const COOKIE: &str = "cookie";

#[derive(Debug)]
struct AddCookie(Value);

impl WebDriverCompatibleCommand for AddCookie {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        endpoint(base, session, COOKIE)
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

#[derive(Debug)]
struct Cookies;

impl WebDriverCompatibleCommand for Cookies {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        endpoint(base, session, COOKIE)
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

#[derive(Debug)]
struct OfChrome(&'static str, Value);

impl WebDriverCompatibleCommand for OfChrome {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        endpoint(base, session, self.0)
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

fn endpoint(base: &Url, session: Option<&str>, command: &str) -> Result<Url, ParseError> {
    base.join(&format!("session/{}/{command}", session.unwrap_or_default()))
}
