//! The login page comes from the settings, or from the provider's prop `login`.

use crate::{Backend, Framework, Page, Probe, Route, Site, View, origin, path};

async fn open<F: Framework>(login: Option<&'static str>) -> Page {
    let client = Backend::signed_out()
        .client_with(|settings| settings.website_domain(origin()).website_base_path("/auth"));
    let site = Site::new(client, Probe::new()).routes([
        Route::open("/login", View::Text("login page")),
        Route::open("/auth", View::Text("auth page")),
        Route::guarded("/guarded", View::Text("secret")),
    ]);
    Site { login, ..site }.open::<F>("/guarded").await
}

pub(crate) async fn guards_redirect_to_the_login_page_of_the_settings<F: Framework>() {
    let page = open::<F>(None).await;
    assert_eq!(page.text().trim(), "auth page");
    assert_eq!(path(), "/auth?redirectToPath=%2Fguarded");
}

pub(crate) async fn the_providers_login_prop_overrides_the_settings<F: Framework>() {
    let page = open::<F>(Some("/login")).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}
