//! The browser's page. Each call can fail: storage is blocked or full, or there is no page.

use web_sys::{Location, Storage};

use super::Area;

fn storage(area: Area) -> Option<Storage> {
    let window = web_sys::window()?;
    // The getters throw if storage is blocked.
    let storage = match area {
        Area::AllTabs => window.local_storage(),
        Area::ThisTab => window.session_storage(),
    };
    storage.ok().flatten()
}

fn location() -> Option<Location> {
    Some(web_sys::window()?.location())
}

pub(super) fn load(area: Area, name: &str) -> Option<String> {
    storage(area)?.get_item(name).ok().flatten()
}

pub(super) fn store(area: Area, name: &str, value: Option<&str>) -> bool {
    storage(area).is_some_and(|storage| {
        let stored = match value {
            Some(value) => storage.set_item(name, value),
            None => storage.remove_item(name),
        };
        stored.is_ok()
    })
}

pub(super) fn navigate(url: &str) {
    if let Some(location) = location() {
        // It fails only without a page.
        location.assign(url).ok();
    }
}

pub(super) fn query() -> String {
    location().and_then(|location| location.search().ok()).unwrap_or_default()
}

pub(super) fn fragment() -> String {
    location().and_then(|location| location.hash().ok()).unwrap_or_default()
}
