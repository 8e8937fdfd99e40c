//! The lifecycle events of a page.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_web::{PageEvent, PageEvents};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn js(code: &str) {
    js_sys::eval(code).unwrap();
}

#[wasm_bindgen_test]
fn the_focus_of_an_input_is_no_focus_of_the_window() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let events = seen.clone();
    let _events = PageEvents::start(move |event| events.borrow_mut().push(event)).unwrap();
    js("document.body.append(document.createElement('input'));
        document.querySelector('input').dispatchEvent(new FocusEvent('focus'));
        document.querySelector('input').remove()");
    assert_eq!(*seen.borrow(), []);
    js("dispatchEvent(new FocusEvent('focus'))");
    assert_eq!(*seen.borrow(), [PageEvent::Focused]);
}

#[wasm_bindgen_test]
fn a_listener_may_cause_another_event() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let events = seen.clone();
    let _events = PageEvents::start(move |event| {
        events.borrow_mut().push(event);
        if event == PageEvent::Online {
            js("dispatchEvent(new FocusEvent('focus'))");
        }
    });
    js("dispatchEvent(new Event('online'))");
    assert_eq!(*seen.borrow(), [PageEvent::Online, PageEvent::Focused]);
}
