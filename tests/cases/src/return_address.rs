//! The login page sends users back to the page that they opened, and to no other origin.

use crate::{Backend, Framework, Page, Probe, Route, Site, View, link_to, path};

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    Site::new(backend.client(), probe)
        .routes([Route::open("/login", View::login("/home"))])
        .open::<F>(at)
        .await
}

pub(crate) async fn after_sign_in_the_user_returns_with_query_and_fragment<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let _page = open::<F>("/login?redirectToPath=%2Forders%3Fsort%3Dtotal%23list", &backend, probe).await;
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!(path(), "/orders?sort=total#list");
}

pub(crate) async fn a_signed_in_user_leaves_the_login_page_at_once<F: Framework>() {
    let _page = open::<F>("/login", &Backend::signed_in("u1"), Probe::new()).await;
    assert_eq!(path(), "/home");
}

pub(crate) async fn unsafe_addresses_give_the_default<F: Framework>() {
    for evil in [
        "https%3A%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%5C%5Cevil.example",
        "javascript%3Aalert(1)",
        "%09%2F%2Fevil.example",
        "%2F%2E%2F%2Fevil.example%40x",
        "%2Flogin",
        "%2Flogin%3FredirectToPath%3D%2Flogin",
    ] {
        let _page =
            open::<F>(&format!("/login?redirectToPath={evil}"), &Backend::signed_out(), Probe::new()).await;
        let shown = link_to("back");
        assert!(shown == "/home" || (shown.starts_with('/') && !shown.starts_with("//")), "{evil}: {shown}");
        assert!(!shown.contains("login"), "{evil}: {shown}");
    }
}
