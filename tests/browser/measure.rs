//! Measures how long gates take when the payload changes. It prints times and does not assert them.

use browser_cases::{Backend, Probe, Response};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use supertokens_leptos::{Require, SessionProvider, SignedIn};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::support;

const GATES: usize = 1_000;

#[wasm_bindgen_test]
#[ignore = "a measurement: run it with --include-ignored --nocapture"]
async fn a_thousand_gates_when_the_payload_changes() {
    let roles = |n: usize, role: &str| format!(r#"{{"st-role":{{"v":["{role}"],"t":{n}}},"n":{n}}}"#);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &roles(0, "admin")));
    let client = backend.client();
    let shared = &*Box::leak(Box::new(SendWrapper::new(probe)));
    let gate = move || view! { <SignedIn require=Require::role("admin")>{shared.built()}"in"</SignedIn> };
    let start = now_us();
    let page = support::open("/", move || {
        view! {
            <SessionProvider config=client>
                {support::start(**shared)}
                {(0..GATES).map(|_| gate()).collect_view()}
            </SessionProvider>
        }
    })
    .await;
    console_log!("{GATES} gates: {:.0} us to build and settle", now_us() - start);
    for (n, role, change) in [
        (1, "admin", "the same role"),
        (2, "admin", "the same role"),
        (3, "reader", "the role is removed"),
        (4, "admin", "the role is added"),
    ] {
        backend.respond(Response::session("u1", &roles(n, role)));
        let start = now_us();
        probe.session().client().get("/x").send().await.unwrap();
        let received = now_us();
        // The timer fires after all queued microtasks.
        let timer = js_sys::Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        wasm_bindgen_futures::JsFuture::from(timer).await.unwrap();
        console_log!("{change}: {:.0} us, request {:.0} us", now_us() - received, received - start);
    }
    assert_eq!(probe.builds() as usize, 2 * GATES);
    drop(page);
}

fn now_us() -> f64 {
    window().performance().unwrap().now() * 1000.0
}
