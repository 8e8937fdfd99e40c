//! Commands that the WebDriver client lacks. Those of ChromeDriver's own have [`crate::substitutes`] for other drivers.

use std::time::SystemTime;

use fantoccini::Client;
use fantoccini::cookies::Cookie;
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
    let answer = client.issue_cmd(OfChrome("se/log", json!({ "type": "browser" }))).await?;
    Ok(entries(&answer))
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

/// Scripts of this tab can no longer read or write cookies; the server's own work as ever.
pub(crate) async fn refuse_script_cookies(client: &Client) -> Result<(), CmdError> {
    devtools(client, "Emulation.setDocumentCookieDisabled", json!({ "disabled": true })).await.map(drop)
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

/// All cookies that the page's path gets, as they can be set again. Their expiry is left out: WebKitGTK's driver tells
/// one in 9999 as a time before 1970, which is no cookie to its client.
pub(crate) async fn cookies(client: &Client) -> Result<Vec<Cookie<'static>>, CmdError> {
    let cookies = client.issue_cmd(Cookies).await?;
    Ok(cookies.as_array().into_iter().flatten().filter(|told| !has_run_out(told)).map(cookie).collect())
}

/// geckodriver tells these as well, though no server gets them any more.
fn has_run_out(told: &Value) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    told["expiry"].as_u64().is_some_and(|expiry| expiry <= now)
}

fn cookie(told: &Value) -> Cookie<'static> {
    let text = |name: &str| told[name].as_str().unwrap_or_default();
    let is = |name: &str| told[name].as_bool().unwrap_or_default();
    // Without `SameSite` geckodriver takes the cookie for one of all sites, which it refuses unless it is secure.
    let same_site = match text("sameSite") {
        "Strict" => "Strict",
        "None" if is("secure") => "None",
        _ => "Lax",
    };
    let mut cookie = Cookie::parse(format!("x=; SameSite={same_site}")).expect("a cookie");
    cookie.set_name(text("name").to_owned());
    cookie.set_value(text("value").to_owned());
    cookie.set_path(text("path").to_owned());
    // The page's own host, if without a dot: geckodriver takes it for a domain, and refuses `localhost`.
    if text("domain").starts_with('.') {
        cookie.set_domain(text("domain").to_owned());
    }
    cookie.set_secure(is("secure"));
    cookie.set_http_only(is("httpOnly"));
    cookie
}

/// Sets a cookie on the page. What it does not say is left out, since WebKitGTK's driver takes no null for it.
pub(crate) async fn add_cookie(client: &Client, cookie: &Cookie<'static>) -> Result<(), CmdError> {
    let mut told = json!({ "name": cookie.name(), "value": cookie.value() });
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told[name] = value;
        }
    };
    tell("path", cookie.path().map(Value::from));
    tell("domain", cookie.domain().map(Value::from));
    tell("secure", cookie.secure().map(Value::from));
    tell("httpOnly", cookie.http_only().map(Value::from));
    tell("sameSite", cookie.same_site().map(|same_site| same_site.to_string().into()));
    client.issue_cmd(AddCookie(json!({ "cookie": told }))).await.map(drop)
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
