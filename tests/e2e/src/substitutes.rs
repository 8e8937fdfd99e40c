//! Replacements of commands that only ChromeDriver has ([`crate::commands`]).

use fantoccini::error::CmdError;

use crate::commands::{self, ConsoleEntry};
use crate::page::Page;
use crate::stage::REFRESH;

/// The console lines of this tab's scripts; the browser's own lines are not available.
pub(crate) async fn console(page: &Page) -> Vec<ConsoleEntry> {
    let script = "return JSON.parse(sessionStorage.getItem('e2eConsole') ?? '[]')";
    page.run(script).await.map(|written| commands::entries(&written)).unwrap_or_default()
}

/// The same for scripts: `document.cookie` is empty and stays empty, from the next page on.
pub(crate) async fn refuse_script_cookies(page: &Page) -> Result<(), CmdError> {
    ask_record(page, &page.origin, "e2eCookies", "").await
}

/// Sets an option of the record in all pages of that origin that this tab loads from now on.
pub(crate) async fn ask_record(page: &Page, origin: &str, what: &str, value: &str) -> Result<(), CmdError> {
    // A file of that origin, without the app.
    page.client.goto(&format!("{origin}/e2e-record.js")).await?;
    let script = format!("sessionStorage.setItem('{what}', '{value}')");
    page.client.execute(&script, Vec::new()).await.map(drop)
}

/// Name and value of all cookies of the app's host, under any path that cookies have.
pub(crate) async fn all_cookies(page: &Page) -> Result<Vec<(String, String)>, CmdError> {
    let before = page.client.window().await?;
    let tab = page.client.new_window(true).await?.handle;
    page.client.switch_to_window(tab).await?;
    // The longest of these paths gets the cookies of all others.
    let visited = page.client.goto(&format!("{}{REFRESH}", page.origin)).await;
    let cookies = commands::cookies(&page.client).await;
    page.client.close_window().await?;
    page.client.switch_to_window(before).await?;
    visited?;
    let pair =
        |cookie: fantoccini::cookies::Cookie<'_>| (cookie.name().to_owned(), cookie.value().to_owned());
    Ok(cookies?.into_iter().map(pair).collect())
}
