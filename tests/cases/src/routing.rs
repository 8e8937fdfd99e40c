//! Nested guards, with params, queries and a base.

use supertokens_session::claims::{BooleanClaim, Require};

use crate::{Backend, Framework, Page, Probe, Response, Route, SECRET, Site, View, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;
const BOSS: &str = r#"{"st-role":{"v":["admin","boss"],"t":2}}"#;

async fn open<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    let outlet = View::Context(Box::new(View::Outlet));
    let parent = View::All(vec![View::Text("parent "), View::Link("to-8", "/parent/8?tab=b"), outlet]);
    let inner = Route::guarded("inner", View::Outlet)
        .require(|| Require::role("boss"))
        .denied(View::Reasons)
        .children([Route::guarded("page", View::Text(SECRET))]);
    Site::new(backend.client(), probe)
        .routes([
            Route::open("/login", View::login("/home")),
            Route::guarded("/parent", parent.counted(probe))
                .require(|| Require::role("admin"))
                .denied(View::Reasons)
                .children([inner, Route::guarded(":id", View::Item)]),
        ])
        .open::<F>(at)
        .await
}

pub(crate) async fn params_and_queries_reach_the_view_and_their_change_builds_no_parent<F: Framework>() {
    let probe = Probe::new();
    let page = open::<F>("/parent/7?tab=a", &Backend::signed_in_with("u1", ADMIN), probe).await;
    assert!(page.text().contains(r#"item Some("7") Some("a") Some("from the parent")"#), "{}", page.text());
    page.click("#to-8").await;
    assert!(page.text().contains(r#"item Some("8") Some("b") Some("from the parent")"#), "{}", page.text());
    assert_eq!(path(), "/parent/8?tab=b");
    assert_eq!(probe.builds(), 1);
}

pub(crate) async fn the_return_address_has_path_query_and_fragment<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open::<F>("/parent/a%20b?tab=x%26y#part", &backend, probe).await;
    assert_eq!(page.text().trim(), "login page");
    probe.sign_in(&backend, "u1", ADMIN).await;
    assert_eq!(path(), "/parent/a%20b?tab=x%26y#part");
    assert!(page.text().contains("item"), "{}", page.text());
}

pub(crate) async fn each_nested_guard_checks_its_own_requirement<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open::<F>("/parent/inner/page", &backend, probe).await;
    assert_eq!(page.text().trim(), "denied for st-role");
    assert_eq!(probe.builds(), 0);
    for (payload, shown) in [(ADMIN, "denied for st-role"), (BOSS, SECRET), (ADMIN, "denied for st-role")] {
        probe.update(&backend, payload).await;
        assert!(page.text().contains("parent") && page.text().contains(shown), "{}", page.text());
        assert_eq!(page.text().contains(SECRET), shown == SECRET);
        assert_eq!(probe.builds(), 1);
    }
}

pub(crate) async fn a_parent_that_loses_access_is_cleaned_up_and_rebuilt_later<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open::<F>("/parent/7", &backend, probe).await;
    for (payload, builds, removals) in [("{}", 1, 1), (ADMIN, 2, 1), (BOSS, 2, 1), ("{}", 2, 2)] {
        probe.update(&backend, payload).await;
        assert_eq!((probe.builds(), probe.removals()), (builds, removals));
        assert_eq!(page.text().contains("from the parent"), payload != "{}", "{}", page.text());
    }
}

pub(crate) async fn a_session_that_ends_below_two_guards_causes_one_redirect<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", BOSS));
    let page = open::<F>("/parent/inner/page", &backend, probe).await;
    backend.respond(Response::removed(200));
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login", "a sign-out stores no return address");
    drop(page);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", BOSS));
    let page = open::<F>("/parent/inner/page", &backend, probe).await;
    backend.respond(Response::Status(401, vec![]));
    probe.receive(&backend, Response::removed(401)).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Finner%2Fpage");
}

pub(crate) async fn a_click_on_a_link_to_the_page_does_not_stop_its_redirect<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let parent = View::All(vec![View::Link("here", "/parent/page"), View::Outlet]);
    let site = Site::new(backend.client(), probe).routes([
        Route::open("/login", View::login("/home")),
        Route::open("/parent", parent).children([Route::guarded("page", View::Text(SECRET))]),
    ]);
    let page = site.open::<F>("/parent/page").await;
    // When the redirect changes the URL. Yew's router shows the login page after that.
    js_sys::eval(
        "window.hasClicked = false;
        const replaceState = history.replaceState;
        history.replaceState = (...change) => {
            history.replaceState = replaceState;
            history.replaceState(...change);
            document.getElementById('here').click();
            window.hasClicked = true;
        }",
    )
    .unwrap();
    backend.respond(Response::removed(200));
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(js_sys::eval("window.hasClicked").unwrap(), true, "no redirect");
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login");
}

/// All paths of the settings begin with the base, as in `<A href>`.
async fn open_below_base<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/app/verify"));
    let site = Site::new(backend.client(), probe).routes([
        Route::open("/login", View::login("/home")),
        Route::open("/verify", View::StepUp),
        Route::guarded("/guarded", View::Text(SECRET)).require(adult),
    ]);
    Site { login: Some("/app/login"), base: "/app", ..site }.open::<F>(at).await
}

pub(crate) async fn below_a_base_users_return_from_login_and_step_up<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open_below_base::<F>("/app/guarded?a=1", &backend, probe).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(path(), "/app/guarded?a=1");
}
