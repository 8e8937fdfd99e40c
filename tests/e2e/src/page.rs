//! The browser's current tab, as a user sees and uses it.

use std::cell::RefCell;

use fantoccini::cookies::Cookie;
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::commands::{self, ConsoleEntry};
use crate::engine::Engine;
use crate::record::Record;
use crate::step::Step;
use crate::substitutes;

/// The current tab. Elements are found by their `data-testid`; each step waits until it is possible.
pub struct Page {
    pub(crate) client: Client,
    /// The engine that renders it.
    pub engine: Engine,
    pub(crate) origin: String,
    console: RefCell<Vec<ConsoleEntry>>,
}

impl Page {
    pub(crate) fn new(client: Client, engine: Engine, origin: String) -> Self {
        Self { client, engine, origin, console: RefCell::default() }
    }

    /// The origin of the app's page.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Loads a path of the app, as from the address bar.
    #[track_caller]
    pub fn open(&self, path: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("open {path}"));
        let url = format!("{}{path}", self.origin);
        async move { step.once(self.client.goto(&url)).await }
    }

    /// Loads any URL.
    #[track_caller]
    pub fn visit(&self, url: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("visit {url}"));
        step.once(self.client.goto(url))
    }

    #[track_caller]
    pub fn reload(&self) -> impl Future<Output = ()> {
        let step = Step::new("reload the page");
        async move { step.once(self.client.refresh()).await }
    }

    /// The browser's back button.
    #[track_caller]
    pub fn back(&self) -> impl Future<Output = ()> {
        let step = Step::new("go back");
        async move { step.once(self.client.back()).await }
    }

    #[track_caller]
    pub fn click(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("click `{id}`"));
        step.until(async || {
            let element = self.find(id).await?;
            element.click().await.map_err(|error| error.to_string())
        })
    }

    /// Clicks a link by its text, on pages that are not the app's.
    #[track_caller]
    pub fn click_link(&self, text: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("click the link {text:?}"));
        step.until(async move || {
            let link = self.link(text).await?;
            link.click().await.map_err(|error| error.to_string())
        })
    }

    /// The address of a link, by its text.
    #[track_caller]
    pub fn link_address(&self, text: &str) -> impl Future<Output = String> {
        let step = Step::new(format!("read the address of the link {text:?}"));
        step.until(async move || {
            let href = self.link(text).await?.prop("href").await.map_err(|error| error.to_string())?;
            href.ok_or_else(|| "it has none".to_owned())
        })
    }

    /// Waits until the page's text contains `part`.
    #[track_caller]
    pub fn wait_words(&self, part: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("read {part:?}"));
        step.until(async move || match self.run("return document.body?.innerText ?? ''").await? {
            Value::String(text) if text.contains(part) => Ok(()),
            other => Err(format!("the page's text is {other}")),
        })
    }

    /// Clicks without waiting for anything, so that two tabs can be used at about the same time.
    #[track_caller]
    pub fn click_at_once(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("click `{id}` at once"));
        let script = format!("document.querySelector({}).click()", json!(selector(id)));
        async move {
            step.once(self.client.execute(&script, Vec::new())).await;
        }
    }

    /// Clicks if the element is there: the page may have removed it by itself.
    #[track_caller]
    pub fn click_if_there(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("click `{id}` if it is there"));
        let script = format!("document.querySelector({})?.click()", json!(selector(id)));
        async move {
            step.once(self.client.execute(&script, Vec::new())).await;
        }
    }

    /// Replaces the text of a field, key by key.
    #[track_caller]
    pub fn fill(&self, id: &str, text: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("fill `{id}`"));
        step.until(async move || {
            let element = self.find(id).await?;
            let typed = async {
                element.clear().await?;
                element.send_keys(text).await?;
                element.prop("value").await
            };
            match typed.await.map_err(|error| error.to_string())? {
                Some(value) if value == text => Ok(()),
                other => Err(format!("after typing it holds {other:?}")),
            }
        })
    }

    /// Waits until it is visible.
    #[track_caller]
    pub fn wait_for(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("see `{id}`"));
        step.until(async || self.must_see(id).await.map(drop))
    }

    /// Waits until it is not visible.
    #[track_caller]
    pub fn wait_hidden(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("see `{id}` go"));
        step.until(async || match self.visible_text(id).await? {
            Some(_) => Err("it is still there".to_owned()),
            None => Ok(()),
        })
    }

    /// Waits until its text contains `part`, and returns all of it.
    #[track_caller]
    pub fn wait_text(&self, id: &str, part: &str) -> impl Future<Output = String> {
        let step = Step::new(format!("read {part:?} in `{id}`"));
        step.until(async move || {
            let text = self.must_see(id).await?;
            if text.contains(part) { Ok(text) } else { Err(format!("its text is {text:?}")) }
        })
    }

    /// Its text, as soon as there is any; without the line break that WebKit's driver puts at the end of a list.
    #[track_caller]
    pub fn text(&self, id: &str) -> impl Future<Output = String> {
        let step = Step::new(format!("read `{id}`"));
        step.until(async || match self.must_see(id).await? {
            text if text.trim().is_empty() => Err("it is empty".to_owned()),
            text => Ok(text.trim_end().to_owned()),
        })
    }

    /// Whether it is visible now.
    pub async fn sees(&self, id: &str) -> bool {
        self.visible_text(id).await.expect("a page").is_some()
    }

    /// Waits until the address is exactly this: path, query and fragment, or a whole URL of another origin.
    #[track_caller]
    pub fn wait_path(&self, path: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("get to {path}"));
        step.until(async move || match self.path().await {
            now if now == path => Ok(()),
            now => Err(format!("the address is {now}")),
        })
    }

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub fn wait_js(&self, expression: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("find {expression}"));
        step.until(async move || match self.run(&format!("return {expression}")).await? {
            Value::Bool(true) => Ok(()),
            other => Err(format!("it is {other}")),
        })
    }

    /// The whole address.
    pub async fn url(&self) -> String {
        match self.run("return location.href").await {
            Ok(Value::String(url)) => url,
            other => format!("unknown: {other:?}"),
        }
    }

    /// Path, query and fragment; the whole address on another origin.
    pub async fn path(&self) -> String {
        let url = self.url().await;
        url.strip_prefix(&self.origin).map(str::to_owned).unwrap_or(url)
    }

    /// Runs a script that contains `return`.
    #[track_caller]
    pub fn js(&self, script: &str) -> impl Future<Output = Value> {
        let step = Step::new(format!("run {script}"));
        step.once(self.run(script))
    }

    /// Runs the body of an async function; an exception fails the story.
    #[track_caller]
    pub fn js_async(&self, body: &str) -> impl Future<Output = Value> {
        let step = Step::new(format!("run {body}"));
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {body} }})()
                .then(value => done({{ value }}), error => done({{ error: String(error) }}))"
        );
        step.once(async move {
            let outcome = self.client.execute_async(&script, Vec::new()).await;
            let mut outcome = outcome.map_err(|error| error.to_string())?;
            match outcome["error"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(outcome["value"].take()),
            }
        })
    }

    /// A cookie of the page's host, including httpOnly cookies.
    pub async fn cookie(&self, name: &str) -> Option<Cookie<'static>> {
        let cookies = commands::cookies(&self.client).await.expect("cookies");
        cookies.into_iter().find(|cookie| cookie.name() == name)
    }

    /// Deletes a cookie, as some browsers do with cookies of scripts.
    #[track_caller]
    pub fn delete_cookie(&self, name: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("delete the cookie {name}"));
        step.once(self.client.delete_cookie(name))
    }

    /// From now on this tab's scripts can neither read nor write cookies.
    #[track_caller]
    pub fn refuse_script_cookies(&self) -> impl Future<Output = ()> {
        let step = Step::new("refuse the cookies of scripts");
        step.once(async {
            match self.engine {
                Engine::Chromium => commands::refuse_script_cookies(&self.client).await,
                Engine::Firefox | Engine::Webkit => substitutes::refuse_script_cookies(self).await,
            }
        })
    }

    /// From now on scripts of this tab on that origin see the cookies of a signed-out user.
    #[track_caller]
    pub fn seem_signed_out_on(&self, origin: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("seem signed out on {origin}"));
        let origin = origin.to_owned();
        let cookies = "st-last-access-token-update=1";
        async move { step.once(substitutes::ask_record(self, &origin, "e2eCookies", cookies)).await }
    }

    /// Pages that this tab loads from now on have no Web Locks, as in contexts that are not secure.
    #[track_caller]
    pub fn hide_web_locks(&self) -> impl Future<Output = ()> {
        let step = Step::new("hide the Web Locks");
        step.once(substitutes::ask_record(self, &self.origin, "e2eNoLocks", "yes"))
    }

    #[track_caller]
    pub fn add_cookie(&self, cookie: Cookie<'static>) -> impl Future<Output = ()> {
        let step = Step::new(format!("add the cookie {}", cookie.name()));
        async move { step.once(commands::add_cookie(&self.client, &cookie)).await }
    }

    /// The names of all cookies of the page's path, in order.
    pub async fn cookie_names(&self) -> Vec<String> {
        let cookies = commands::cookies(&self.client).await.expect("cookies");
        let mut names: Vec<_> = cookies.iter().map(|cookie| cookie.name().to_owned()).collect();
        names.sort();
        names
    }

    /// Name and value of all the browser's cookies, those included that only other paths get.
    #[track_caller]
    pub fn all_cookies(&self) -> impl Future<Output = Vec<(String, String)>> {
        let step = Step::new("read all cookies");
        step.once(async {
            match self.engine {
                Engine::Chromium => commands::all_cookies(&self.client).await,
                Engine::Firefox | Engine::Webkit => substitutes::all_cookies(self).await,
            }
        })
    }

    pub async fn local_storage(&self, key: &str) -> Option<String> {
        let value = self.js(&format!("return localStorage.getItem({})", json!(key))).await;
        value.as_str().map(str::to_owned)
    }

    /// How often an event is in the page's event log.
    pub async fn events(&self, name: &str) -> usize {
        let selector = format!("{} [data-event={}]", selector("event-log"), json!(name));
        let count = self.js(&format!("return document.querySelectorAll({}).length", json!(selector))).await;
        count.as_u64().unwrap_or_default() as usize
    }

    /// What the page has shown since it was loaded.
    pub async fn record(&self) -> Record {
        Record::read(self).await
    }

    /// All lines of the console; without Chromium only those of this tab's scripts.
    pub async fn console(&self) -> Vec<ConsoleEntry> {
        if self.engine != Engine::Chromium {
            return substitutes::console(self).await;
        }
        if let Ok(new) = commands::console(&self.client).await {
            self.console.borrow_mut().extend(new);
        }
        self.console.borrow().clone()
    }

    pub(crate) async fn run(&self, script: &str) -> Result<Value, String> {
        self.client.execute(script, Vec::new()).await.map_err(|error| error.to_string())
    }

    async fn find(&self, id: &str) -> Result<Element, String> {
        self.client.find(Locator::Css(&selector(id))).await.map_err(|error| error.to_string())
    }

    async fn link(&self, text: &str) -> Result<Element, String> {
        self.client.find(Locator::LinkText(text)).await.map_err(|error| error.to_string())
    }

    async fn must_see(&self, id: &str) -> Result<String, String> {
        self.visible_text(id).await?.ok_or_else(|| "it is not there".to_owned())
    }

    async fn visible_text(&self, id: &str) -> Result<Option<String>, String> {
        let script = format!(
            "const found = document.querySelector({});
            return found && found.checkVisibility() ? found.innerText : null",
            json!(selector(id))
        );
        Ok(self.run(&script).await?.as_str().map(str::to_owned))
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid={}]", json!(id))
}
