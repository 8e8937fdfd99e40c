//! The app's hooks read and change the client's own calls, outside the lock, without tokens, and within a time limit.

mod hooked_calls;
mod sign_out_hooks;
mod slow_hooks;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use supertokens_session::{
    ApiAction, Overrides, SessionClient,
    platform::{LocalBoxFuture, TransportRequest, TransportResponse},
};

use crate::sim::{AntiCsrf, Tab, World, pass};

/// Hooks that record their calls.
struct Hooks {
    /// Does nothing until a user is signed in.
    change: Box<Change>,
    /// The wait of a hook before it returns.
    before: RefCell<Wait>,
    after: RefCell<Wait>,
    client: RefCell<Option<SessionClient>>,
    /// Whether the lock is held or waited for.
    is_busy: Box<dyn Fn() -> bool>,
    is_signed_in: Cell<bool>,
    seen: RefCell<Vec<Seen>>,
    /// The number of hooks that have returned.
    finished: Cell<u32>,
}

type Change = dyn Fn(ApiAction, &mut TransportRequest);

#[derive(Clone, Copy, PartialEq)]
enum Wait {
    No,
    Ms(u64),
    Endless,
    ForARequest,
}

#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Before { action: ApiAction, method: String, url: String, headers: Vec<(String, String)> },
    After { action: ApiAction, request_url: String, status: u16, body: String },
}

impl Seen {
    fn is_before(&self) -> bool {
        matches!(self, Self::Before { .. })
    }
}

impl Hooks {
    fn new(world: &World, change: impl Fn(ApiAction, &mut TransportRequest) + 'static) -> Rc<Self> {
        let locks = world.locks.clone();
        Rc::new(Self {
            change: Box::new(change),
            before: RefCell::new(Wait::No),
            after: RefCell::new(Wait::No),
            client: RefCell::default(),
            is_busy: Box::new(move || locks.is_busy()),
            is_signed_in: Cell::new(false),
            seen: RefCell::default(),
            finished: Cell::new(0),
        })
    }

    async fn wait(&self, what: Wait) {
        match what {
            Wait::No => {}
            Wait::Ms(ms) => pass(ms).await,
            Wait::Endless => std::future::pending().await,
            Wait::ForARequest => {
                let client = self.client.borrow().clone().unwrap();
                assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
            }
        }
        self.finished.set(self.finished.get() + 1);
    }

    /// The recorded calls since the last read.
    fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.borrow_mut())
    }

    /// The names of the recorded calls since the last read.
    fn calls(&self) -> Vec<(&'static str, ApiAction)> {
        let name = |seen: &Seen| match seen {
            Seen::Before { action, .. } => ("before", *action),
            Seen::After { action, .. } => ("after", *action),
        };
        self.seen().iter().map(name).collect()
    }
}

impl Overrides for Hooks {
    fn before_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a mut TransportRequest,
    ) -> LocalBoxFuture<'a, ()> {
        assert!(!(self.is_busy)(), "app code under the lock");
        Box::pin(async move {
            self.seen.borrow_mut().push(Seen::Before {
                action,
                method: request.method.as_str().to_owned(),
                url: request.url.to_string(),
                headers: owned(request),
            });
            let what = *self.before.borrow();
            self.wait(what).await;
            assert!(!(self.is_busy)(), "app code under the lock");
            if self.is_signed_in.get() {
                (self.change)(action, request);
            }
        })
    }

    fn after_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a TransportRequest,
        response: &'a dyn TransportResponse,
    ) -> LocalBoxFuture<'a, ()> {
        assert!(!(self.is_busy)(), "app code under the lock");
        Box::pin(async move {
            let body = String::from_utf8(response.peek().await.unwrap()).unwrap();
            self.seen.borrow_mut().push(Seen::After {
                action,
                request_url: request.url.to_string(),
                status: response.status(),
                body,
            });
            let what = *self.after.borrow();
            self.wait(what).await;
        })
    }
}

fn owned(request: &TransportRequest) -> Vec<(String, String)> {
    request.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A tab with hooks and a signed-in user.
async fn signed_in(
    world: &World,
    change: impl Fn(ApiAction, &mut TransportRequest) + 'static,
) -> (Tab, Rc<Hooks>) {
    world.server.set_anti_csrf(AntiCsrf::ViaToken);
    let hooks = Hooks::new(world, change);
    let tab = world.tab().with_overrides(hooks.clone());
    hooks.client.replace(Some(tab.client.clone()));
    tab.sign_in("ann").await;
    pass(10).await;
    hooks.seen();
    hooks.finished.set(0);
    hooks.is_signed_in.set(true);
    world.server.reset_counts();
    (tab, hooks)
}

fn no_change(_: ApiAction, _: &mut TransportRequest) {}
