//! The prop `on_session_expired`.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::claims::Require;

use crate::{Backend, Framework, Page, Probe, Response, Route, SECRET, Site, View, path, settle};

/// The browser's path at each call.
type Calls = Rc<RefCell<Vec<String>>>;

async fn open<F: Framework>(backend: &Backend, probe: Probe, calls: &Calls) -> Page {
    let calls = calls.clone();
    let guarded = Route::guarded("/guarded", View::Text(SECRET))
        .require(|| Require::when(|payload| payload["blocked"] != true))
        .on_session_expired(move || calls.borrow_mut().push(path()));
    Site::new(backend.client(), probe)
        .routes([Route::open("/login", View::Text("login page")), guarded])
        .open::<F>("/guarded")
        .await
}

pub(crate) async fn it_is_called_once_before_the_redirect<F: Framework>() {
    let backend =
        Backend::signed_in("u1").with_responses([Response::Status(401, vec![]), Response::removed(401)]);
    let (probe, calls) = (Probe::new(), Calls::default());
    let page = open::<F>(&backend, probe, &calls).await;
    assert_eq!(page.text().trim(), SECRET);
    probe.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(*calls.borrow(), ["/guarded"]);
}

pub(crate) async fn it_is_not_called_after_a_sign_out_or_without_a_shown_view<F: Framework>() {
    let calls = Calls::default();
    let backend = Backend::signed_in("u1").with_responses([Response::removed(200)]);
    let probe = Probe::new();
    let page = open::<F>(&backend, probe, &calls).await;
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let revoked = [Response::Status(401, vec![]), Response::removed(401)];
    let backend = Backend::signed_in_with("u1", r#"{"blocked":true}"#).with_responses(revoked);
    let page = open::<F>(&backend, probe, &calls).await;
    assert_eq!(page.text().trim(), "You don't have access to this page.");
    probe.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let _page =
        open::<F>(&Backend::expired("u1").with_responses([Response::removed(401)]), probe, &calls).await;
    assert!(calls.borrow().is_empty());
}
