//! All cookies of a session together fit a web server's limit. The other values go to localStorage.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{
    AccessToken, Marker, RefreshToken,
    platform::{Change, Changes, Store, StoredSession},
};
use supertokens_web::BrowserStore;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A server's limit, less a quarter for the site's own cookies.
const MAX_SIZE: usize = 6 * 1024;

fn refreshed(front_size: usize, access_size: usize, refresh_size: usize) -> Changes {
    Changes {
        front: Change::Set(front(&"f".repeat(front_size))),
        marker: Change::Set(Marker::parse("1700000000000").unwrap()),
        access: Change::Set(AccessToken::parse(&"a".repeat(access_size)).unwrap()),
        refresh: Change::Set(RefreshToken::parse(&"r".repeat(refresh_size)).unwrap()),
        ..Changes::default()
    }
}

fn cookies_size() -> usize {
    text_of("document.cookie.length").parse().unwrap()
}

/// The names of the values in cookies, and of those in localStorage.
fn places() -> (String, String) {
    let cookies = text_of("document.cookie.split('; ').map(c => c.split('=')[0]).sort().join(' ')");
    (cookies, text_of("Object.keys(localStorage).sort().join(' ')"))
}

async fn another_tab_reads(changes: Changes) {
    let mut expected = StoredSession::default();
    expected.apply(changes);
    assert_eq!(stored(&tab()), expected, "in another tab");
}

const ALL_FOUR: &str = "sFrontToken st-access-token st-last-access-token-update st-refresh-token";

#[wasm_bindgen_test]
async fn all_cookies_together_fit_a_server_s_header_limit() {
    for (sizes, moved) in [
        ((600, 1_000, 500), ""),
        ((2_300, 2_600, 700), ""),
        ((2_600, 3_000, 500), "st-refresh-token"),
        // The tokens of a payload of 2.6 kB.
        ((3_600, 4_050, 500), "st-access-token st-refresh-token"),
        ((4_000, 4_000, 4_000), "st-access-token st-refresh-token"),
        ((100, 4_050, 4_050), "st-refresh-token"),
        ((10_000, 10_000, 500), "sFrontToken st-access-token"),
    ] {
        clean().await;
        let changes = refreshed(sizes.0, sizes.1, sizes.2);
        tab().write(changes.clone()).unwrap();
        assert!(cookies_size() <= MAX_SIZE, "{sizes:?}: {}", cookies_size());
        let (in_cookies, in_storage) = places();
        assert_eq!(in_storage, moved, "{sizes:?}");
        let expected: Vec<_> = ALL_FOUR.split(' ').filter(|name| !moved.contains(name)).collect();
        assert_eq!(in_cookies, expected.join(" "), "{sizes:?}");
        another_tab_reads(changes).await;
    }
    assert!(logged().is_empty(), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn every_size_around_the_limit_is_stored_whole() {
    clean().await;
    let (one, other) = (tab(), tab());
    for access in (2_470..2_530).chain([1, 3_000, 2_480]) {
        let changes = refreshed(3_000, access, 500);
        one.write(changes.clone()).unwrap();
        assert!(cookies_size() <= MAX_SIZE, "{access}: {}", cookies_size());
        another_tab_reads(changes).await;
        assert_eq!(stored(&one), stored(&other));
    }
}

#[wasm_bindgen_test]
async fn a_session_that_grows_and_shrinks_leaves_no_old_values() {
    clean().await;
    let store = tab();
    for (sizes, moved) in [
        ((600, 1_000, 500), ""),
        ((3_600, 4_050, 500), "st-access-token st-refresh-token"),
        ((2_600, 3_000, 500), "st-refresh-token"),
        ((600, 1_001, 501), ""),
        ((10_000, 10_000, 500), "sFrontToken st-access-token"),
        ((600, 1_000, 500), ""),
    ] {
        let changes = refreshed(sizes.0, sizes.1, sizes.2);
        store.write(changes.clone()).unwrap();
        assert_eq!(places().1, moved, "{sizes:?}");
        another_tab_reads(changes).await;
    }
}

/// A refresh in another tab may be about to write such a value.
#[wasm_bindgen_test]
async fn values_that_a_write_does_not_change_stay_in_their_place() {
    clean().await;
    let mut expected = refreshed(1_000, 1_200, 900);
    tab().write(expected.clone()).unwrap();
    // This store has read nothing yet, as on a page that has just opened.
    let larger = Changes { refresh: Change::Keep, ..refreshed(3_000, 3_400, 1) };
    tab().write(larger.clone()).unwrap();
    assert_eq!(places().1, "st-access-token");
    assert!(cookies_size() <= MAX_SIZE, "{}", cookies_size());
    (expected.front, expected.access) = (larger.front, larger.access);
    another_tab_reads(expected).await;
}

#[wasm_bindgen_test]
async fn a_sign_out_clears_cookies_and_local_storage() {
    clean().await;
    tab().write(refreshed(3_600, 4_050, 500)).unwrap();
    tab().write(clear()).unwrap();
    assert_eq!(places(), (String::new(), String::new()));
    assert_eq!(stored(&tab()), StoredSession::default());
}

/// A page with the JavaScript SDK writes such a cookie.
#[wasm_bindgen_test]
async fn a_newer_cookie_takes_precedence_over_a_moved_value() {
    clean().await;
    let store = tab();
    store.write(refreshed(3_600, 4_050, 500)).unwrap();
    js("document.cookie = 'st-refresh-token=newer; path=/'");
    assert_eq!(stored(&store).refresh.unwrap().reveal(), "newer");
    store.write(refreshed(3_600, 4_050, 501)).unwrap();
    assert_eq!(stored(&store).refresh.unwrap().reveal(), "r".repeat(501));
}

/// Accepts cookies of any domain. The browser itself refuses domain cookies here, since the page's host is an IP
/// address.
fn with_cookies_of_any_domain() -> PagePatch {
    patch_page(
        "const cookies = new Map();
         Object.defineProperty(document, 'cookie', {
             configurable: true,
             get: () => [...cookies].map(([name, value]) => name + '=' + value).join('; '),
             set: text => {
                 const [name, value] = text.split(';')[0].split('=');
                 if (text.includes('1970')) cookies.delete(name); else cookies.set(name, value);
             },
         });
         return () => delete document.cookie",
    )
}

/// Other subdomains can't read this origin's localStorage. Without the refresh token they would lose the session.
#[wasm_bindgen_test]
async fn a_session_that_subdomains_share_stays_in_cookies_and_logs_one_warning() {
    clean().await;
    let _cookies = with_cookies_of_any_domain();
    let config = settings().session_token_frontend_domain("example.com").build().unwrap();
    let store = BrowserStore::new(&page(), &config);
    store.write(refreshed(600, 1_000, 500)).unwrap();
    let warnings = || logged().iter().filter(|line| line.contains("8 KiB")).count();
    assert_eq!(warnings(), 0);
    for _ in 0..3 {
        let changes = refreshed(3_600, 4_000, 500);
        store.write(changes.clone()).unwrap();
        assert_eq!(places(), (ALL_FOUR.to_owned(), String::new()));
        another_tab_reads(changes).await;
    }
    assert_eq!(warnings(), 1, "{:?}", logged());
}

#[wasm_bindgen_test]
async fn without_storage_the_moved_tokens_are_in_memory_and_a_warning_is_logged() {
    clean().await;
    let _blocked = without_storage();
    let store = tab();
    let changes = refreshed(3_600, 4_050, 500);
    store.write(changes.clone()).unwrap();
    let mut expected = StoredSession::default();
    expected.apply(changes);
    assert_eq!(stored(&store), expected);
    assert_eq!(logged().len(), 1, "{:?}", logged());
}
