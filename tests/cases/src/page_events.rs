//! When the user returns to a page, it reads the store again.

use supertokens_session::claims::Require;

use crate::{
    Backend, FALLBACK, Framework, Probe, Response, SECRET, Value, View, dispatch, guarded, open_guarded,
    settle,
};

pub(crate) async fn a_sign_out_in_another_tab_hides_the_view_before_the_next_paint<F: Framework>() {
    for event in ["pageshow", "focus", "visibilitychange"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.replace_store(&Backend::signed_out());
        dispatch(event);
        F::rendered().await;
        assert!(!page.text().contains(SECRET), "{event}");
        settle().await;
        assert_eq!(page.text().trim(), "login page", "{event}");
        assert!(backend.requests().is_empty());
    }
}

pub(crate) async fn a_lost_role_hides_the_view<F: Framework>() {
    let admin = Backend::signed_in_with("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
    let (probe, backend) = (Probe::new(), admin);
    let page = open_guarded::<F>("/guarded", backend.client(), probe, || Require::role("admin")).await;
    backend.replace_store(&Backend::signed_in("u1"));
    dispatch("pageshow");
    F::rendered().await;
    assert_eq!(page.text().trim(), "denied for st-role");
}

pub(crate) async fn a_page_event_during_the_first_check_decides_nothing<F: Framework>() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let (probe, backend) = (Probe::new(), Backend::expired("u1").with_responses([held]));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, Require::session).await;
    backend.replace_store(&Backend::new());
    dispatch("pageshow");
    settle().await;
    assert_eq!(page.text().trim(), FALLBACK);
}

pub(crate) async fn a_read_at_the_same_time_does_not_lose_the_sign_out_reason<F: Framework>() {
    let (probe, status) = (Probe::new(), Probe::new());
    let backend = Backend::signed_in("u1").with_responses([Response::removed(200)]);
    let site = guarded(backend.client(), probe, Require::session).header(View::Read(status, Value::Status));
    let _page = site.open::<F>("/guarded").await;
    backend.delay_reads();
    probe.session().client().sign_out().await.unwrap();
    dispatch("focus");
    for _ in 0..5 {
        settle().await;
    }
    assert_eq!(status.shown(), "Unauthenticated { reason: SignedOut }");
}
