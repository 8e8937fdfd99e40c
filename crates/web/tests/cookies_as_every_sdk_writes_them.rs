//! The session lies in cookies, under the names and with the attributes that all SuperTokens SDKs share.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{
    platform::{Change, Changes, Store},
    token::{AccessToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken},
};
use supertokens_web::BrowserStore;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn writes_and_reads_under_the_shared_names() {
    clean();
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

#[wasm_bindgen_test]
async fn reads_what_the_javascript_sdk_wrote() {
    clean();
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
    clean();
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
        clean();
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
async fn a_read_is_one_read_and_so_is_the_check_of_a_write() {
    clean();
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
async fn another_tab_sees_each_change() {
    clean();
    let (one, other) = (tab(), tab());
    one.write(sign_in()).unwrap();
    assert_eq!(stored(&other), stored(&one));
    set_front(&other, "newer").unwrap();
    assert_eq!(front_of(&one).as_deref(), Some("newer"));
    assert_eq!(stored(&one).anti_csrf, stored(&other).anti_csrf);
}

#[wasm_bindgen_test]
async fn clear_leaves_nothing_of_ours_and_all_of_others() {
    clean();
    js("document.cookie = 'theirs=1;path=/'; localStorage.setItem('theirs', '1')");
    tab().write(sign_in()).unwrap();
    js("localStorage.setItem('sFrontToken', 'old')");
    tab().write(clear()).unwrap();
    assert_eq!(text_of("document.cookie"), "theirs=1");
    assert_eq!(text_of("JSON.stringify(localStorage)"), r#"{"theirs":"1"}"#);
    assert_eq!(stored(&tab()), Default::default());
}

#[wasm_bindgen_test]
async fn garbage_counts_as_absent_and_is_told_once_without_its_value() {
    clean();
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

/// A cookie of the same name with another domain is another cookie: without the sweep the older one would be read
/// for ever.
#[wasm_bindgen_test]
async fn a_leftover_under_another_domain_does_not_shadow() {
    for change in [Change::Set(front("new")), Change::Clear] {
        clean();
        let _jar = with_leftover("location.hostname");
        tab().write(Changes { front: change.clone(), ..Changes::default() }).unwrap();
        let cookies = text_of("document.cookie");
        assert_eq!(cookies, if change == Change::Clear { "" } else { "sFrontToken=new" });
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

/// The older generation's marker ends with the session: at the server's time.
#[wasm_bindgen_test]
async fn an_older_marker_is_a_cookie_that_ends_with_the_session() {
    clean();
    {
        let _recorded = with_recorded_cookies();
        let _clock = with_clock_that_stands();
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
    // A busy machine may come too late to see it.
    if ahead_ms(0) < end {
        assert_eq!(found, ("sIRTFrontend=irt-2".to_owned(), Some("irt-2".to_owned())));
    }
    assert_eq!(text_of("localStorage.length"), "0");
    assert!(comes_true("document.cookie === ''").await);
    assert_eq!(id_refresh_of(&tab()), None);
    assert!(logged().is_empty(), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn an_older_marker_that_has_expired_is_absent_at_once() {
    for expiry in [ahead_ms(-1), ahead_ms(-86_400_000), 0, i64::MIN] {
        clean();
        set_id_refresh(&tab(), &format!("before;{}", ahead_ms(90_000))).unwrap();
        set_id_refresh(&tab(), &format!("irt;{expiry}")).unwrap();
        assert_eq!((text_of("document.cookie").as_str(), id_refresh_of(&tab())), ("", None));
        assert_eq!(text_of("localStorage.length"), "0");
        assert!(logged().is_empty(), "{:?}", logged());
    }
}

#[wasm_bindgen_test]
async fn an_older_marker_of_any_future_is_a_cookie() {
    for expiry in [ahead_ms(500), ahead_ms(100 * 365 * 86_400_000), i64::MAX] {
        clean();
        set_id_refresh(&tab(), &format!("irt;{expiry}")).unwrap();
        let found = text_of("document.cookie");
        // A busy machine may come too late to see it.
        if ahead_ms(0) < expiry {
            assert_eq!(found, "sIRTFrontend=irt", "{expiry}");
        }
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn the_end_of_an_older_session_is_kept() {
    clean();
    set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(1_000))).unwrap();
    set_id_refresh(&tab(), "remove").unwrap();
    pause(2_000).await;
    assert_eq!(text_of("document.cookie"), "sIRTFrontend=remove");
    assert_eq!(stored(&tab()).id_refresh, Some(IdRefreshToken::Removed));
}

#[wasm_bindgen_test]
async fn reads_what_the_older_javascript_sdk_wrote() {
    clean();
    js("document.cookie = 'sFrontToken=front; path=/; samesite=lax';
        document.cookie = 'sIRTFrontend=0d5c-1; path=/; samesite=lax'");
    let stored = stored(&tab());
    let Some(IdRefreshToken::Current { value, expires_at_ms: None }) = stored.id_refresh else {
        panic!("{:?}", stored.id_refresh)
    };
    assert_eq!((value.reveal(), stored.front.unwrap().reveal()), ("0d5c-1", "front"));
    assert!(stored.marker.is_none());
}

/// As in an engine of this vendor.
fn with_vendor(vendor: &str) -> Broken {
    broken(&format!(
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

fn put(front: &str, marker: &str) {
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
async fn what_a_script_does_to_cookies_right_after_a_write_is_seen_at_once() {
    clean();
    let store = tab();
    write_three_times(&store).await;
    for (front, marker) in
        [("front2", "2"), ("front2", "3"), ("front3", "2"), ("front1", "1"), ("front1", "2"), ("front2", "1")]
    {
        put(front, marker);
        assert_eq!(front_and_marker(&store).await, format!("{front} {marker}"));
    }
    js("document.cookie = 'sFrontToken=; path=/; max-age=0'");
    assert_eq!(front_and_marker(&store).await, " 1");
    js("document.cookie = 'sAntiCsrf=; path=/; max-age=0'");
    assert!(stored(&store).anti_csrf.is_none());
    clean();
    assert_eq!(stored(&store), Default::default());
}

/// As WebKit does for some ms after two writes.
#[wasm_bindgen_test]
async fn what_was_written_is_not_forgotten_for_what_was_there_before() {
    clean();
    let (_webkit, _clock) = (with_vendor("Apple Computer, Inc."), with_clock_that_stands());
    let store = tab();
    write_three_times(&store).await;
    let read = async || front_and_marker(&store).await;
    for (front, marker) in
        [("front2", "2"), ("front2", "3"), ("front3", "2"), ("front1", "1"), ("front1", "2"), ("front2", "1")]
    {
        put(front, marker);
        assert_eq!(read().await, "front3 3", "for a moment, with {front} and {marker}");
    }
    put("front3", "3");
    js("document.cookie = 'sFrontToken=; path=/; max-age=0'");
    assert_eq!(read().await, " 3", "taken away");
    put("front3", "4");
    assert_eq!(read().await, "front3 4", "another tab's");
    put("theirs", "2");
    assert_eq!(read().await, "theirs 2", "another tab's");
    put("front2", "2");
    set_clock_on(1_100);
    assert_eq!(read().await, "front2 2", "what stays is the truth");
    js("document.cookie = 'st-last-access-token-update=; path=/; max-age=0'");
    assert_eq!(read().await, "front2 ");
}
