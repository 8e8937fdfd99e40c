//! The user returns to exactly the same page, whatever characters its URL has.

use crate::{Backend, Framework, Page, Probe, Route, Site, View, path};

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    Site::new(backend.client(), probe)
        .routes([Route::open("/login", View::login("/home")), Route::guarded("/item/:id", View::Item)])
        .open::<F>(at)
        .await
}

pub(crate) async fn users_return_to_exactly_the_page_whatever_characters_its_url_has<F: Framework>() {
    let mut failures = Vec::new();
    for at in [
        "/item/a%20b?tab=100%25#part",
        "/item/7?tab=a%0Ab",
        "/item/7?tab=1+2%2B3",
        "/item/50%25?tab=x",
        "/item/a%2Fb?tab=x",
        "/item/zavr%C5%A1i?tab=%C3%BC#t%C3%B6p",
        "/item/7?tab=%F0%9F%98%80",
        "/item/7?tab=%25250A",
        "/item/7?a=1&a=2&redirectToPath=%2Fevil",
        "/item/7?tab=a|b{}^",
        "/item/7?tab=C:%5CUsers",
        "/item/7?tab=C:\\Users",
        "/item/7?tab=\\\\evil.example\\x",
        "/item/7?\\",
        "/item/7#a\\b",
        "/item/7#//evil.example\\",
        "/item/caf%E9?tab=x",
        "/item/caf%e9?tab=%E9#%FF",
        "/item/%83e%83X%83g",
        "/item/7?tab=https://x.example//",
        "/item/7#/deep//",
    ] {
        let (probe, backend) = (Probe::new(), Backend::signed_out());
        let page = open::<F>(at, &backend, probe).await;
        let first_text = page.text().trim().to_owned();
        probe.sign_in(&backend, "u1", "{}").await;
        let (end, text) = (path(), page.text().trim().to_owned());
        if first_text != "login page" || end != at || !text.starts_with("item") {
            failures.push(format!("{at}: {first_text:?}, then {end} {text:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
