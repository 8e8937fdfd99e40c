//! Below a `<Router base>`, the login page, step-up pages and default addresses get the base.

use supertokens_session::{
    SessionClient,
    claims::{BooleanClaim, Require},
};

use crate::{Backend, Framework, Page, Probe, Route, SECRET, Site, View, link_to, origin, path};

const ADULT: &str = r#"{"adult":{"v":true,"t":1}}"#;

/// The paths in the app's settings.
#[derive(Clone, Copy)]
struct Paths {
    base: &'static str,
    login: Option<&'static str>,
    step_up: &'static str,
}

const APP: Paths = Paths { base: "/app", login: None, step_up: "/verify" };

async fn open<F: Framework>(at: &str, paths: Paths, client: SessionClient, probe: Probe) -> Page {
    let Paths { base, login, step_up } = paths;
    let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(step_up));
    let secret = || View::Text(SECRET);
    let site = Site::new(client, probe).header(View::ReturnLink("header", "/help")).routes([
        Route::open("/", View::Text("home")),
        Route::open("/login", View::login("/")),
        Route::open("/verify", View::StepUp),
        Route::guarded("/orders", secret()).require(adult),
        Route::guarded("/app-settings", secret()),
        Route::guarded("/parent", View::Outlet).children([Route::open("child", secret())]),
        Route::guarded("", View::Outlet).children([Route::open("inner", secret())]),
    ]);
    Site { base, login, ..site }.open::<F>(at).await
}

pub(crate) async fn the_login_page_is_below_the_base_and_users_return_to_exactly_the_page<F: Framework>() {
    for (base, at) in [
        ("/app", "/app/orders?x=1"),
        ("/app", "/app/orders?x=1#list"),
        ("/app", "/app/app-settings"),
        ("/app", "/app/parent/child?x=%2Fapp"),
        ("/app", "/app/inner#part"),
        ("/a/b", "/a/b/orders"),
        ("/a/b", "/a/b/inner?x"),
    ] {
        let (probe, backend) = (Probe::new(), Backend::signed_out());
        let page = open::<F>(at, Paths { base, ..APP }, backend.client(), probe).await;
        assert!(page.text().contains("login page"), "{at}: {} at {}", page.text(), path());
        assert!(path().starts_with(&format!("{base}/login?redirectToPath=%2F")), "{at}: {}", path());
        probe.sign_in(&backend, "u1", ADULT).await;
        assert_eq!((path().as_str(), page.text().trim()), (at, SECRET));
    }
}

pub(crate) async fn a_path_that_begins_with_the_base_stays_the_same<F: Framework>() {
    let paths = Paths { login: Some("/app/login"), step_up: "/app/verify", ..APP };
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open::<F>("/app/orders", paths, backend.client(), probe).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders");
    assert!(page.text().contains("step-up page"), "{}", page.text());
}

pub(crate) async fn a_step_up_page_is_below_the_base<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open::<F>("/app/orders?x=1", APP, backend.client(), probe).await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders%3Fx%3D1");
    probe.sign_in(&backend, "u1", ADULT).await;
    page.click("#done").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/orders?x=1", SECRET));
}

pub(crate) async fn the_default_return_address_is_below_the_base<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open::<F>("/app/login", APP, backend.client(), probe).await;
    assert_eq!((link_to("back").as_str(), link_to("header").as_str()), ("/app/", "/app/help"));
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/", "home"));
}

pub(crate) async fn a_return_address_without_the_base_gets_it_and_is_checked_again<F: Framework>() {
    for (address, end) in [
        ("%2Forders%3Fx%3D1", "/app/orders?x=1"),
        ("%2Fapp%2Forders", "/app/orders"),
        ("%2Flogin", "/app/"),
        ("%2Fapp%2Flogin", "/app/"),
        ("%2Flogin%2Freset", "/app/"),
        ("%2F%2Fevil.example", "/app/"),
        ("%2F%5Cevil.example", "/app/"),
        ("https%3A%2F%2Fevil.example%2Fapp%2Forders", "/app/"),
    ] {
        let (probe, backend) = (Probe::new(), Backend::signed_out());
        let at = format!("/app/login?redirectToPath={address}");
        let _page = open::<F>(&at, APP, backend.client(), probe).await;
        probe.sign_in(&backend, "u1", ADULT).await;
        assert_eq!(path(), end, "{address}");
    }
}

pub(crate) async fn the_login_path_of_the_settings_is_below_the_base<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let client =
        backend.client_with(|settings| settings.website_domain(origin()).website_base_path("/login"));
    let page = open::<F>("/app/orders", APP, client, probe).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    drop(page);
}

pub(crate) async fn a_guarded_login_page_below_the_base_shows_an_error<F: Framework>() {
    let site = Site::new(Backend::signed_out().client(), Probe::new())
        .routes([Route::guarded("/login", View::Text(SECRET))]);
    let page = Site { base: "/app", ..site }.open::<F>("/app/login").await;
    assert!(page.text().contains("must not be guarded"), "{}", page.text());
    assert_eq!(path(), "/app/login");
}

/// A nested page may have the name of the login page.
pub(crate) async fn without_a_base_paths_stay_the_same<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let secret = |path| Route::open(path, View::Text(SECRET));
    let page = Site::new(backend.client(), probe)
        .header(View::ReturnLink("header", "/help"))
        .routes([
            Route::open("/login", View::login("/")),
            Route::guarded("/orders", View::Outlet).children([secret("orders"), secret("login")]),
        ])
        .open::<F>("/orders/orders")
        .await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%2Forders");
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders/orders", SECRET));
    assert_eq!(link_to("header"), "/help");
}
