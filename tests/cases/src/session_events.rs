//! The provider's listener gets events as long as the provider is mounted.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::SessionEvent;

use crate::{Backend, Framework, Probe, Response, Route, Site, View, settle};

pub(crate) async fn on_event_gets_every_event_from_the_start<F: Framework>() {
    let backend =
        Backend::expired("u1").with_responses([Response::session("u1", "{}"), Response::removed(200)]);
    let (probe, events) = (Probe::new(), Rc::new(RefCell::new(Vec::new())));
    let seen = events.clone();
    let site = Site::new(backend.client(), probe).routes([Route::open("/", View::Text(""))]);
    let on_event = move |event| seen.borrow_mut().push(event);
    let page = Site { on_event: Some(Rc::new(on_event)), ..site }.open::<F>("/").await;
    assert_eq!(*events.borrow(), [SessionEvent::RefreshSession]);
    let client = probe.session().client();
    client.sign_out().await.unwrap();
    assert_eq!(*events.borrow(), [SessionEvent::RefreshSession, SessionEvent::SignOut]);
    drop(page);
    settle().await;
    client.sign_out().await.unwrap();
    assert_eq!(events.borrow().len(), 2);
}
