//! `SignedIn`, `SignedOut` and `SessionLoading`.

use supertokens_session::claims::Require;

use crate::{Backend, Framework, Page, Probe, Response, Route, Site, View, settle};

async fn open<F: Framework>(backend: &Backend, probe: Probe) -> Page {
    let empty = || View::Text("");
    Site::new(backend.client(), probe)
        .header(View::signed_in(View::Text("in "), View::Text("not-in "), empty()))
        .header(View::allowed(
            || Require::role("admin"),
            View::Text("admin "),
            View::Text("no-admin "),
            View::Text("perhaps "),
        ))
        .header(View::SignedOut {
            view: Box::new(View::Text("out ")),
            fallback: Box::new(View::Text("not-out ")),
            loading: Box::new(View::Text("maybe-out ")),
        })
        .header(View::SessionLoading(Box::new(View::Text("loading "))))
        .routes([Route::open("/", empty())])
        .open::<F>("/")
        .await
}

async fn gates<F: Framework>(backend: Backend) -> String {
    open::<F>(&backend, Probe::new()).await.text().trim().to_owned()
}

pub(crate) async fn each_status_shows_its_own_gate<F: Framework>() {
    assert_eq!(gates::<F>(Backend::signed_in("u1")).await, "in no-admin not-out");
    assert_eq!(gates::<F>(Backend::signed_out()).await, "not-in no-admin out");
    assert_eq!(gates::<F>(Backend::new()).await, "perhaps maybe-out loading");
}

pub(crate) async fn an_unreachable_backend_shows_the_loading_views<F: Framework>() {
    assert_eq!(gates::<F>(Backend::new().with_responses([Response::Down])).await, "perhaps maybe-out");
}

pub(crate) async fn a_signed_in_user_never_sees_a_fallback_while_the_page_loads<F: Framework>() {
    for first in [None, Some(Response::Down)] {
        let is_down = first.is_some();
        let session = Response::session("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
        let held = Response::Held(Box::new(session));
        let (probe, backend) =
            (Probe::new(), Backend::expired("u1").with_responses(first.into_iter().chain([held])));
        let page = open::<F>(&backend, probe).await;
        assert_eq!(
            page.text().trim(),
            if is_down { "perhaps maybe-out" } else { "perhaps maybe-out loading" }
        );
        if is_down {
            probe.session().recheck();
        }
        backend.release();
        settle().await;
        assert_eq!(page.text().trim(), "in admin not-out");
        assert!(!page.ever_showed("not-in") && !page.ever_showed("no-admin"));
    }
}

pub(crate) async fn a_later_network_failure_changes_no_gate<F: Framework>() {
    let (probe, backend) =
        (Probe::new(), Backend::signed_in("u1").with_responses([Response::Down, Response::Down]));
    let page = open::<F>(&backend, probe).await;
    backend.advance_ms(61_000);
    probe.session().recheck();
    settle().await;
    assert_eq!(page.text().trim(), "in no-admin not-out");
}
