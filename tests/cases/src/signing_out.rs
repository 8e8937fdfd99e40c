//! After a sign-out, the login page gets no return address: the next user may be another one.

use supertokens_session::internal::TabMessage;

use crate::{Backend, Framework, Page, Probe, Response, Route, SECRET, Site, View, dispatch, path, settle};

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    let login = View::All(vec![View::login("/home"), View::Link("to-orders", "/orders?open=1")]);
    let child = Route::guarded("child", View::Text(SECRET));
    Site::new(backend.client(), probe)
        .routes([
            Route::open("/login", login),
            Route::guarded("/orders", View::Text(SECRET)),
            Route::guarded("/parent", View::Outlet).children([child]),
        ])
        .open::<F>(at)
        .await
}

pub(crate) async fn a_sign_out_stores_no_return_address_and_the_next_user_starts_at_the_default<
    F: Framework,
>() {
    for at in ["/orders?customer=7#notes", "/parent/child"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
        let page = open::<F>(at, &backend, probe).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.respond(Response::removed(200));
        probe.session().client().sign_out().await.unwrap();
        settle().await;
        assert_eq!(path(), "/login", "{at}");
        probe.sign_in(&backend, "bob", "{}").await;
        assert_eq!(path(), "/home", "{at}");
    }
}

pub(crate) async fn an_offline_sign_out_stores_no_return_address<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses([Response::Down]));
    let _page = open::<F>("/orders", &backend, probe).await;
    probe.session().sign_out();
    settle().await;
    assert_eq!(path(), "/login");
}

pub(crate) async fn a_sign_out_in_another_tab_stores_no_return_address<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
    let page = open::<F>("/orders", &backend, probe).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.replace_store(&Backend::signed_out());
    probe.session().client().receive_tab_message(&TabMessage::read("SignOut none")).await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
}

pub(crate) async fn an_expired_or_revoked_session_stores_the_return_address<F: Framework>() {
    let revoked = [Response::Status(401, vec![]), Response::removed(401)];
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses(revoked));
    let page = open::<F>("/orders?customer=7#notes", &backend, probe).await;
    probe.session().client().get("/x").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fcustomer%3D7%23notes");
    drop(page);
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
    let _page = open::<F>("/orders", &backend, probe).await;
    // The store has no session, and no event says why.
    backend.replace_store(&Backend::signed_out());
    dispatch("focus");
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders");
}

pub(crate) async fn a_page_opened_after_the_sign_out_is_the_return_address<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses([Response::removed(200)]));
    let page = open::<F>("/parent/child", &backend, probe).await;
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
    page.click("#to-orders").await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fopen%3D1");
    probe.sign_in(&backend, "ann", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders?open=1", SECRET));
}
