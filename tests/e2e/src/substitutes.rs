//! What drivers have no commands for, or ChromeDriver alone ([`crate::commands`]).

use fantoccini::error::CmdError;

use crate::commands::{self, ConsoleEntry};
use crate::page::Page;
use crate::stage::REFRESH;

/// What scripts have written onto the console of this tab; what the browser itself writes is not to be had.
pub(crate) async fn console(page: &Page) -> Vec<ConsoleEntry> {
    let script = "return JSON.parse(sessionStorage.getItem('e2eConsole') ?? '[]')";
    page.run(script).await.map(|written| commands::entries(&written)).unwrap_or_default()
}

/// The same as far as scripts can tell: `document.cookie` is empty and stays so, from the next page on.
pub(crate) async fn refuse_script_cookies(page: &Page) -> Result<(), CmdError> {
    ask_record(page, &page.origin, "e2eCookies", "").await
}

/// Asks the record of all pages of that origin which this tab loads from now on for something.
pub(crate) async fn ask_record(page: &Page, origin: &str, what: &str, value: &str) -> Result<(), CmdError> {
    // A file of that origin, without the app.
    page.client.goto(&format!("{origin}/e2e-record.js")).await?;
    let script = format!("sessionStorage.setItem('{what}', '{value}')");
    page.client.execute(&script, Vec::new()).await.map(drop)
}

/// Name and value of all cookies that the app's host gets under any of the paths that cookies have.
pub(crate) async fn all_cookies(page: &Page) -> Result<Vec<(String, String)>, CmdError> {
    let before = page.client.window().await?;
    let tab = page.client.new_window(true).await?.handle;
    page.client.switch_to_window(tab).await?;
    // The longest of these paths gets those of all others.
    let visited = page.client.goto(&format!("{}{REFRESH}", page.origin)).await;
    let cookies = commands::cookies(&page.client).await;
    page.client.close_window().await?;
    page.client.switch_to_window(before).await?;
    visited?;
    let pair =
        |cookie: fantoccini::cookies::Cookie<'_>| (cookie.name().to_owned(), cookie.value().to_owned());
    Ok(cookies?.into_iter().map(pair).collect())
}
