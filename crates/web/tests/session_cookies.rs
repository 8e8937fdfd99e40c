//! The store writes the session to cookies, with the names and attributes that all SuperTokens SDKs share.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use js_sys::Reflect;
use supertokens_session::{
    AccessToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken,
    platform::{Change, Changes, SessionOwner, Store},
};
use supertokens_web::BrowserStore;
use support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn a_session_is_stored_under_the_names_that_all_sdks_share() {
    clean().await;
    let changes = Changes {
        access: Change::Set(AccessToken::parse("a.b.c").unwrap()),
        refresh: Change::Set(RefreshToken::parse("r").unwrap()),
        clock_skew_ms: Some(-60_000),
        ..sign_in()
    };
    tab().write(changes.clone()).unwrap();

    let mut cookies: Vec<_> = text_of("document.cookie").split("; ").map(str::to_owned).collect();
    cookies.sort();
    assert_eq!(
        cookies,
        [
            "sAntiCsrf=anti-s3cret",
            "sFrontToken=eyJ1aWQiOiJ1In0=",
            "st-access-token=a.b.c",
            "st-last-access-token-update=1700000000000",
            "st-refresh-token=r",
        ]
    );
    assert_eq!(text_of("localStorage.getItem('__st_clockSkewInMillis')"), "-60000");
    assert_eq!(text_of("localStorage.length"), "1");

    let mut written = supertokens_session::platform::StoredSession::default();
    written.apply(changes);
    assert_eq!(stored(&tab()), written);
}

/// A wrapper of `document.cookie` or the app's logger may call the client, which reads the same store.
#[wasm_bindgen_test]
async fn a_wrapped_cookie_getter_may_read_the_store_again() {
    clean().await;
    let store = Rc::new(tab());
    set_front(&store, "v").unwrap();
    let (reader, nested) = (store.clone(), Rc::new(RefCell::new(Vec::new())));
    let seen = nested.clone();
    let read_again = Closure::<dyn Fn()>::new(move || seen.borrow_mut().push(front_of(&reader)));
    Reflect::set(&js_sys::global(), &"readAgain".into(), read_again.as_ref()).unwrap();
    let _wrapped = patch_page(
        "const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
         let isNested = false;
         Object.defineProperty(document, 'cookie', {
             configurable: true,
             get: () => {
                 if (!isNested) {
                     isNested = true;
                     window.readAgain();
                     isNested = false;
                 }
                 return own.get.call(document);
             },
             set: text => own.set.call(document, text),
         });
         return () => delete document.cookie",
    );
    assert_eq!(front_of(&store).as_deref(), Some("v"));
    assert_eq!(*nested.borrow(), [Some("v".to_owned())]);
}

#[wasm_bindgen_test]
async fn cookies_of_the_javascript_sdk_are_read() {
    clean().await;
    js("document.cookie = 'other=1; path=/';
        document.cookie = 'sFrontToken=front; path=/; samesite=lax';
        document.cookie = 'st-last-access-token-update=17; path=/; samesite=lax';
        localStorage.setItem('__st_clockSkewInMillis', '8000.25')");
    let stored = stored(&tab());
    assert_eq!(stored.front.unwrap().reveal(), "front");
    assert_eq!(stored.marker.unwrap().reveal(), "17");
    assert_eq!(stored.clock_skew_ms, 8000);
    assert!(stored.anti_csrf.is_none() && stored.access.is_none() && stored.refresh.is_none());
}

#[wasm_bindgen_test]
async fn attributes_of_a_page_and_of_a_frame() {
    clean().await;
    let _recorded = with_recorded_cookies();
    set_front(&tab(), "v").unwrap();
    assert_eq!(
        text_of("assigned"),
        "sFrontToken=v;expires=Fri, 31 Dec 9999 23:59:59 GMT;path=/;samesite=lax"
    );

    let framed = settings().is_in_iframe(true).build().unwrap();
    js("assigned = []");
    set_front(&BrowserStore::new(&page(), &framed), "w").unwrap();
    assert!(text_of("assigned[0]").ends_with(";path=/;samesite=none;secure"));
    assert_eq!(front_of(&tab()).as_deref(), Some("w"));
}

#[wasm_bindgen_test]
async fn a_domain_is_written_without_its_leading_dot() {
    for domain in ["example.com", ".example.com"] {
        clean().await;
        let _recorded = with_recorded_cookies();
        let config = settings().session_token_frontend_domain(domain).build().unwrap();
        set_front(&BrowserStore::new(&page(), &config), "v").unwrap();
        assert_eq!(
            text_of("assigned[0]"),
            "sFrontToken=v;expires=Fri, 31 Dec 9999 23:59:59 GMT;domain=example.com;path=/;samesite=lax"
        );
    }
}

#[wasm_bindgen_test]
async fn a_read_and_the_check_of_a_write_read_the_cookies_once_each() {
    clean().await;
    let _recorded = with_recorded_cookies();
    tab().read().unwrap();
    assert_eq!(text_of("reads"), "1");
    tab().write(sign_in()).unwrap();
    assert_eq!(text_of("reads"), "2");
    assert_eq!(text_of("assigned.length"), "3");
    tab().write(Changes::default()).unwrap();
    tab().write(Changes { clock_skew_ms: Some(1), ..Changes::default() }).unwrap();
    assert_eq!(text_of("reads"), "2");
}

#[wasm_bindgen_test]
async fn another_tab_reads_each_change() {
    clean().await;
    let (one, other) = (tab(), tab());
    one.write(sign_in()).unwrap();
    assert_eq!(stored(&other), stored(&one));
    set_front(&other, "newer").unwrap();
    assert_eq!(front_of(&one).as_deref(), Some("newer"));
    assert_eq!(stored(&one).anti_csrf, stored(&other).anti_csrf);
}

#[wasm_bindgen_test]
async fn a_clear_removes_all_cookies_of_the_session_and_no_others() {
    clean().await;
    js("document.cookie = 'other=1;path=/'; localStorage.setItem('other', '1')");
    tab().write(sign_in()).unwrap();
    js("localStorage.setItem('sFrontToken', 'old')");
    tab().write(clear()).unwrap();
    assert_eq!(text_of("document.cookie"), "other=1");
    assert_eq!(text_of("JSON.stringify(localStorage)"), r#"{"other":"1"}"#);
    assert_eq!(stored(&tab()), Default::default());
}

#[wasm_bindgen_test]
async fn an_invalid_value_is_absent_and_logged_once_without_its_text() {
    clean().await;
    js("document.cookie = 'sFrontToken=not a token;path=/';
        document.cookie = 'sAntiCsrf=n\"o;path=/';
        document.cookie = 'st-access-token=;path=/';
        localStorage.setItem('__st_clockSkewInMillis', '1e99')");
    let store = tab();
    for _ in 0..3 {
        assert_eq!(stored(&store), Default::default());
    }
    let logged = logged();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0].contains("sFrontToken") && !logged[0].contains("not a token"), "{logged:?}");
    set_front(&store, "good").unwrap();
    assert_eq!(front_of(&store).as_deref(), Some("good"));
}

/// A cookie with another domain is a different cookie of the same name. If it stayed, each read would return it.
#[wasm_bindgen_test]
async fn an_old_cookie_under_another_domain_does_not_shadow_a_write() {
    for change in [Change::Set(front("new")), Change::Clear] {
        clean().await;
        let _cookies = with_old_domain_cookie("location.hostname");
        tab().write(Changes { front: change.clone(), ..Changes::default() }).unwrap();
        let cookies = text_of("document.cookie");
        assert_eq!(cookies, if change == Change::Clear { "" } else { "sFrontToken=new" });
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

/// The marker of the older generation expires with the session.
#[wasm_bindgen_test]
async fn an_older_marker_is_a_cookie_that_ends_with_the_session() {
    clean().await;
    {
        let _recorded = with_recorded_cookies();
        let _clock = with_stopped_clock();
        set_id_refresh(&tab(), &format!("irt-1;{}", ahead_ms(90_000))).unwrap();
        let written = text_of("assigned.join()");
        assert!(
            written.starts_with("sIRTFrontend=irt-1;")
                && written.ends_with(";path=/;samesite=lax;max-age=90"),
            "{written}"
        );
    }
    let end = ahead_ms(2_000);
    set_id_refresh(&tab(), &format!("irt-2;{end}")).unwrap();
    let found = (text_of("document.cookie"), id_refresh_of(&tab()));
    // On a busy machine it may have expired already.
    if ahead_ms(0) < end {
        assert_eq!(found, ("sIRTFrontend=irt-2".to_owned(), Some("irt-2".to_owned())));
    }
    assert_eq!(text_of("localStorage.length"), "0");
    assert!(becomes_true("document.cookie === ''").await);
    assert_eq!(id_refresh_of(&tab()), None);
    assert!(logged().is_empty(), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn an_older_marker_that_has_expired_is_absent_at_once() {
    for expiry in [ahead_ms(-1), ahead_ms(-86_400_000), 0, i64::MIN] {
        clean().await;
        set_id_refresh(&tab(), &format!("before;{}", ahead_ms(90_000))).unwrap();
        set_id_refresh(&tab(), &format!("irt;{expiry}")).unwrap();
        assert_eq!((text_of("document.cookie").as_str(), id_refresh_of(&tab())), ("", None));
        assert_eq!(text_of("localStorage.length"), "0");
        assert!(logged().is_empty(), "{:?}", logged());
    }
}

#[wasm_bindgen_test]
async fn an_older_marker_with_any_future_expiry_is_a_cookie() {
    for expiry in [ahead_ms(500), ahead_ms(100 * 365 * 86_400_000), i64::MAX] {
        clean().await;
        set_id_refresh(&tab(), &format!("irt;{expiry}")).unwrap();
        let found = text_of("document.cookie");
        // On a busy machine it may have expired already.
        if ahead_ms(0) < expiry {
            assert_eq!(found, "sIRTFrontend=irt", "{expiry}");
        }
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn the_removed_marker_of_an_older_session_is_stored() {
    clean().await;
    set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(1_000))).unwrap();
    set_id_refresh(&tab(), "remove").unwrap();
    pause(2_000).await;
    assert_eq!(text_of("document.cookie"), "sIRTFrontend=remove");
    assert_eq!(stored(&tab()).id_refresh, Some(IdRefreshToken::Removed));
}

#[wasm_bindgen_test]
async fn cookies_of_an_older_javascript_sdk_are_read() {
    clean().await;
    js("document.cookie = 'sFrontToken=front; path=/; samesite=lax';
        document.cookie = 'sIRTFrontend=0d5c-1; path=/; samesite=lax'");
    let stored = stored(&tab());
    let Some(IdRefreshToken::Current { value, expires_at_ms: None }) = stored.id_refresh else {
        panic!("{:?}", stored.id_refresh)
    };
    assert_eq!((value.reveal(), stored.front.unwrap().reveal()), ("0d5c-1", "front"));
    assert!(stored.marker.is_none());
}

/// Acts as an engine of this vendor.
fn with_vendor(vendor: &str) -> PagePatch {
    patch_page(&format!(
        "Object.defineProperty(navigator, 'vendor', {{ configurable: true, get: () => '{vendor}' }});
         return () => delete navigator.vendor"
    ))
}

async fn write_three_times(store: &BrowserStore) {
    for n in ["1", "2", "3"] {
        let front = Change::Set(FrontTokenText::parse(&format!("front{n}")).unwrap());
        let marker = Change::Set(Marker::parse(n).unwrap());
        store.write(Changes { front, marker, ..sign_in() }).unwrap();
    }
}

fn write_from_script(front: &str, marker: &str) {
    js(&format!(
        "document.cookie = 'sFrontToken={front}; path=/';
         document.cookie = 'st-last-access-token-update={marker}; path=/'"
    ));
}

async fn front_and_marker(store: &BrowserStore) -> String {
    let stored = stored(store);
    let front = stored.front.map(|front| front.reveal().to_owned()).unwrap_or_default();
    format!("{front} {}", stored.marker.map(|marker| marker.reveal().to_owned()).unwrap_or_default())
}

#[wasm_bindgen_test]
async fn a_script_s_cookie_change_right_after_a_write_is_read_at_once() {
    clean().await;
    let store = tab();
    write_three_times(&store).await;
    for (front, marker) in
        [("front2", "2"), ("front2", "3"), ("front3", "2"), ("front1", "1"), ("front1", "2"), ("front2", "1")]
    {
        write_from_script(front, marker);
        assert_eq!(front_and_marker(&store).await, format!("{front} {marker}"));
    }
    js("document.cookie = 'sFrontToken=; path=/; max-age=0'");
    assert_eq!(front_and_marker(&store).await, " 1");
    js("document.cookie = 'sAntiCsrf=; path=/; max-age=0'");
    assert!(stored(&store).anti_csrf.is_none());
    clean().await;
    assert_eq!(stored(&store), Default::default());
}

/// After a sign-in the client writes whose session it is, and WebKit may not show that cookie at once either.
#[wasm_bindgen_test]
async fn stale_cookies_of_webkit_do_not_hide_a_session_after_the_write_of_its_owner() {
    clean().await;
    let (_webkit, _clock) = (with_vendor("Apple Computer, Inc."), with_stopped_clock());
    let store = tab();
    write_three_times(&store).await;
    let late = patch_page(
        "const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
         Object.defineProperty(document, 'cookie', {
             configurable: true,
             get: () => own.get.call(document),
             set: text => { if (!text.startsWith('st-session-owner')) own.set.call(document, text) },
         });
         return () => delete document.cookie",
    );
    let owner = Change::Set(SessionOwner { api: 7, marker: "3".to_owned() });
    store.write(Changes { owner, ..Changes::default() }).unwrap();
    drop(late);
    write_from_script("front2", "2");
    assert_eq!(front_and_marker(&store).await, "front3 3");
}

/// WebKit returns stale cookies for some ms after two writes.
#[wasm_bindgen_test]
async fn stale_cookies_of_webkit_do_not_hide_a_recent_write() {
    clean().await;
    let (_webkit, _clock) = (with_vendor("Apple Computer, Inc."), with_stopped_clock());
    let store = tab();
    write_three_times(&store).await;
    let written = text_of("document.cookie");
    clean().await;
    assert_eq!(front_and_marker(&store).await, "front3 3", "the state before the first write");
    for cookie in written.split("; ") {
        js(&format!("document.cookie = '{cookie}; path=/'"));
    }
    let read = async || front_and_marker(&store).await;
    for (front, marker) in
        [("front2", "2"), ("front2", "3"), ("front3", "2"), ("front1", "1"), ("front1", "2"), ("front2", "1")]
    {
        write_from_script(front, marker);
        assert_eq!(read().await, "front3 3", "within the second, with {front} and {marker}");
    }
    write_from_script("front3", "3");
    js("document.cookie = 'sFrontToken=; path=/; max-age=0'");
    assert_eq!(read().await, " 3", "a removal counts");
    write_from_script("front3", "4");
    assert_eq!(read().await, "front3 4", "a write of another tab counts");
    write_from_script("another", "2");
    assert_eq!(read().await, "another 2", "a write of another tab counts");
    write_from_script("front2", "2");
    advance_clock(1_100);
    assert_eq!(read().await, "front2 2", "after a second each read counts");
    js("document.cookie = 'st-last-access-token-update=; path=/; max-age=0'");
    assert_eq!(read().await, "front2 ");
}
