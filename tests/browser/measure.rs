//! What a change of the payload costs. It prints and asserts no time.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionProvider, SignedIn, use_session};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::support::{Answer, Backend, Page, Seen};

const GATES: usize = 1_000;

#[wasm_bindgen_test]
#[ignore = "a measurement: run it with --include-ignored --nocapture"]
async fn a_thousand_gates_when_the_payload_changes() {
    let roles = |n: usize, role: &str| format!(r#"{{"st-role":{{"v":["{role}"],"t":{n}}},"n":{n}}}"#);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &roles(0, "admin")));
    let client = backend.client();
    let gate = move || view! { <SignedIn require=Require::role("admin")>{seen.built()}"in"</SignedIn> };
    let start = now_us();
    let page = Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                {(0..GATES).map(|_| gate()).collect_view()}
            </SessionProvider>
        }
    })
    .await;
    console_log!("{GATES} gates, built: {:.0} us with the page's settling", now_us() - start);
    for (n, role, what) in [
        (1, "admin", "the same role"),
        (2, "admin", "the same role"),
        (3, "reader", "the role lost"),
        (4, "admin", "the role back"),
    ] {
        backend.next(Answer::session("u1", &roles(n, role)));
        let start = now_us();
        seen.session().client().get("/x").send().await.unwrap();
        let sent = now_us();
        // Until all that was put into the microtask queue has run.
        let later = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        wasm_bindgen_futures::JsFuture::from(later).await.unwrap();
        console_log!("{what}: {:.0} us, the request {:.0} us", now_us() - sent, sent - start);
    }
    assert_eq!(seen.builds() as usize, 2 * GATES);
    drop(page);
}

fn now_us() -> f64 {
    window().performance().unwrap().now() * 1000.0
}
