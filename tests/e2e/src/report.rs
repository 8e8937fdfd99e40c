//! The report of a failed story.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use crate::page::Page;
use crate::scene::Scene;

const IN_ALL: Duration = Duration::from_secs(20);

/// Prints the report. Parts that can't be read are left out, so that the story's own failure stays visible.
pub(crate) async fn print(scene: &impl Scene, folder: &Path) {
    eprintln!("\n---- what was to be seen ----");
    if timeout(IN_ALL, print_tabs(scene.page(), folder)).await.is_err() {
        eprintln!("(the browser does not respond)");
    }
    match timeout(IN_ALL, scene.call_names()).await {
        Ok(calls) => eprintln!("API calls: {calls:#?}"),
        Err(_) => eprintln!("(the requests of the API are unknown)"),
    }
    eprintln!("-----------------------------");
}

async fn print_tabs(page: &Page, folder: &Path) {
    eprintln!("URL: {}", page.url().await);
    print_text(page).await;
    print_screenshot(page, folder).await;
    let console = page.console().await;
    eprintln!("console, {} lines:", console.len());
    for line in console {
        eprintln!("    {} {}: {}", line.level, line.source, line.message);
    }
    let current = page.client.window().await.ok();
    for other in page.client.windows().await.unwrap_or_default() {
        if Some(&other) != current.as_ref() && page.client.switch_to_window(other).await.is_ok() {
            eprintln!("another tab: {}", page.url().await);
            print_text(page).await;
        }
    }
}

async fn print_text(page: &Page) {
    let text = page.run("return document.body.innerText").await;
    let text = text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
    eprintln!("text:");
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        eprintln!("    {line}");
    }
}

async fn print_screenshot(page: &Page, folder: &Path) {
    let thread = std::thread::current();
    let file = folder.join(format!("{}.png", thread.name().unwrap_or("story").replace("::", "-")));
    let Ok(picture) = page.client.screenshot().await else { return };
    match std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, picture)) {
        Ok(()) => eprintln!("screenshot: {}", file.display()),
        Err(error) => eprintln!("no screenshot: {error}"),
    }
}
