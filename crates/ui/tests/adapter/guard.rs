use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use supertokens_session::{
    claims::{Require, email_verified},
    platform::Spawn,
};
use supertokens_ui::{Guard, GuardOptions, GuardView, SessionStatus, SessionSync, Snapshot};

use crate::world::{Memory, NOW_MS, World, front_token};

/// A page with one guarded view.
struct Page {
    world: Rc<World>,
    sync: SessionSync,
    published: Rc<RefCell<Vec<Arc<Snapshot>>>>,
    guard: Guard,
    require: Require,
    router: Rc<Memory>,
    expiries: Rc<Cell<u32>>,
    changes: Rc<Cell<u32>>,
}

impl Page {
    fn open(world: &Rc<World>, require: Require) -> Self {
        let (published, router) = (Rc::<RefCell<Vec<_>>>::default(), Rc::<Memory>::default());
        let (expiries, changes) = (Rc::<Cell<u32>>::default(), Rc::<Cell<u32>>::default());
        let publish = {
            let published = published.clone();
            move |snapshot| published.borrow_mut().push(snapshot)
        };
        let sync = SessionSync::start(world.client(), "/login".to_owned(), Arc::default(), false, publish);
        let count = |counter: &Rc<Cell<u32>>| {
            let counter = counter.clone();
            Box::new(move || counter.set(counter.get() + 1))
        };
        let options = GuardOptions {
            with_global_validators: true,
            on_session_expired: count(&expiries),
            on_change: count(&changes),
        };
        let guard = Guard::new(&sync, router.clone(), options);
        Self { world: world.clone(), sync, published, guard, require, router, expiries, changes }
    }

    /// Renders and acts until nothing is left to do.
    fn settle(&self) -> GuardView {
        for _ in 0..5 {
            self.guard.view(&self.require);
            self.guard.act();
            self.world.run();
        }
        self.guard.view(&self.require)
    }

    fn request(&self) {
        let client = self.sync.client().clone();
        self.world.spawn(Box::pin(async move {
            client.get("/data").send().await.ok();
        }));
    }
}

#[test]
fn the_view_is_shown_once_the_session_is_known_and_each_change_is_published_once() {
    let page = Page::open(&World::signed_in("{}"), Require::session());
    assert_eq!(page.guard.view(&page.require), GuardView::Fallback);
    assert!(page.published.borrow().is_empty());
    assert_eq!(page.settle(), GuardView::View);
    page.sync.recheck();
    assert_eq!(page.settle(), GuardView::View);
    let statuses = Vec::from_iter(page.published.borrow().iter().map(|now| (now.status, now.recheck_count)));
    assert_eq!(statuses, [(SessionStatus::Authenticated, 0), (SessionStatus::Authenticated, 1)]);
}

#[test]
fn a_session_that_ends_behind_the_view_is_reported_and_redirected_once() {
    let page = Page::open(&World::signed_in("{}"), Require::session());
    page.settle();
    page.world.responds(401, "");
    page.world.responds(401, "remove");
    page.request();
    assert_eq!(page.settle(), GuardView::Redirecting);
    assert_eq!(*page.router.replaced.borrow(), ["/login?redirectToPath=%2Forders"]);
    assert_eq!(page.expiries.get(), 1);
}

#[test]
fn a_redirect_that_a_click_on_a_link_to_the_page_itself_overtook_is_repeated() {
    let page = Page::open(&World::signed_in("{}"), Require::session());
    page.settle();
    page.world.responds(401, "");
    page.world.responds(401, "remove");
    page.request();
    page.world.run();
    for _ in 0..2 {
        assert_eq!(page.guard.view(&page.require), GuardView::Redirecting);
        page.guard.act();
        // Before the next turn of the adapter, the router is back.
        page.router.is_leaving.set(false);
    }
    assert_eq!(*page.router.replaced.borrow(), ["/login?redirectToPath=%2Forders"; 2]);
    assert_eq!(page.expiries.get(), 1);
}

#[test]
fn a_redirect_to_another_site_is_not_repeated_while_its_page_loads() {
    let world = World::with_login_elsewhere("https://example.com");
    world.responds(401, "remove");
    let page = Page::open(&world, Require::session());
    assert_eq!(page.settle(), GuardView::Redirecting);
    page.sync.recheck();
    assert_eq!(page.settle(), GuardView::Redirecting);
    let login = "https://example.com/login?redirectToPath=https%3A%2F%2Fapp.example.com%2Forders";
    assert_eq!(*page.router.loaded.borrow(), [login]);
}

#[test]
fn a_sign_out_is_no_expiry_and_leaves_no_return_address() {
    let page = Page::open(&World::signed_in("{}"), Require::session());
    page.settle();
    page.world.responds(200, "remove");
    page.sync.sign_out();
    assert_eq!(page.settle(), GuardView::Redirecting);
    assert_eq!(*page.router.replaced.borrow(), ["/login"]);
    assert_eq!(page.expiries.get(), 0);
}

#[test]
fn a_role_that_is_lost_denies_access_at_once() {
    let page = Page::open(&World::signed_in(r#"{"st-role":{"v":["admin"],"t":1}}"#), Require::role("admin"));
    assert_eq!(page.settle(), GuardView::View);
    page.world.responds(200, front_token(r#"{"st-role":{"v":["reader"],"t":2}}"#));
    page.request();
    let GuardView::Denied(denied) = page.settle() else { panic!("it is shown") };
    assert_eq!(denied.reasons[0].id, "st-role");
    assert!(page.router.replaced.borrow().is_empty());
}

#[test]
fn a_due_claim_is_fetched_once_before_the_decision() {
    let verified = |t: i64| format!(r#"{{"st-ev":{{"v":true,"t":{t}}}}}"#);
    let world = World::signed_in(&verified(NOW_MS - 301_000));
    world.responds(200, front_token(&verified(NOW_MS)));
    let page = Page::open(&world, Require::claim(email_verified().max_age(Duration::from_secs(300))));
    assert_eq!(page.settle(), GuardView::View);
    assert_eq!(*world.requests.borrow(), ["/auth/user/email/verify"]);
    assert!(page.changes.get() > 0, "the adapter renders");
}

#[test]
fn nothing_is_published_after_the_provider_is_dropped() {
    let world = World::signed_in("{}");
    let Page { sync, published, guard, .. } = Page::open(&world, Require::session());
    world.run();
    let client = sync.client().clone();
    let before = published.borrow().len();
    drop((sync, guard));
    world.responds(200, "remove");
    world.spawn(Box::pin(async move {
        client.sign_out().await.ok();
    }));
    world.run();
    assert_eq!(published.borrow().len(), before);
}
