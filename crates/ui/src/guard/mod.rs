//! Guards decide what to show, when to fetch claims, and where to redirect. They only control display; the API enforces
//! access.

mod decision;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

pub use decision::Decision;
use decision::{ClaimFetch, GuardState, Inputs, Subject};
use supertokens_session::{
    SessionError,
    claims::{Denied, Require},
    internal::redirect::Destination,
};

use crate::{
    reader::SnapshotReader,
    redirect::{RedirectError, Redirects, RouteLocation, Router},
    snapshot::{SessionStatus, Snapshot, UnauthenticatedReason},
    sync::SessionSync,
};

/// What the adapter shows in the place of a guarded view. Build a new view only when this value changes.
#[derive(Debug, Clone, PartialEq)]
pub enum GuardView {
    /// The session or a due claim is still loading.
    Fallback,
    /// The guarded view.
    View,
    /// The user does not fulfil the requirement.
    Denied(Denied),
    /// The backend does not respond.
    Unreachable,
    /// A redirect has started: show nothing.
    Redirecting,
    /// A redirect is not possible: show the error.
    Error(RedirectError),
}

/// Options of a [`Guard`].
pub struct GuardOptions {
    /// Whether the global claim validators are required too, before those of the route.
    pub with_global_validators: bool,
    /// Called once when the session ends while the view is shown, before the redirect. Not called after a sign-out.
    pub on_session_expired: Box<dyn Fn()>,
    /// Called when [`Guard::view`] may return another value without a change of the snapshot or of the requirement.
    pub on_change: Box<dyn Fn()>,
}

/// Guards one view, until its last clone is dropped.
#[derive(Clone)]
pub struct Guard(Rc<Inner>);

struct Inner {
    reader: Rc<SnapshotReader>,
    redirects: Rc<Redirects>,
    router: Rc<dyn Router>,
    options: GuardOptions,
    global: Option<Require>,
    /// The route's requirement, and its combination with the global one. A new combination would not equal the last.
    combined: RefCell<Option<(Require, Require)>>,
    state: RefCell<Option<GuardState>>,
    last_fetch: RefCell<Option<ClaimFetch>>,
    /// The subject of the claim fetch that is running.
    fetching: RefCell<Option<Subject>>,
    seen_recheck_count: Cell<Option<u64>>,
    /// What [`Guard::act`] last acted on. The location is `None` while the router leaves the page, and from the moment
    /// that the guard asks it to.
    acted_on: RefCell<Option<(Decision, Option<RouteLocation>)>>,
    /// Whether the page had any other decision than a redirect to login.
    had_other_decision: Cell<bool>,
    redirect_error: RefCell<Option<(Decision, RedirectError)>>,
}

impl Guard {
    /// Creates a guard without a decision.
    pub fn new(sync: &SessionSync, router: Rc<dyn Router>, options: GuardOptions) -> Self {
        let global = if options.with_global_validators { sync.global_requirement() } else { None };
        Self(Rc::new(Inner {
            reader: sync.reader().clone(),
            redirects: sync.redirects().clone(),
            router,
            options,
            global,
            combined: RefCell::default(),
            state: RefCell::default(),
            last_fetch: RefCell::default(),
            fetching: RefCell::default(),
            seen_recheck_count: Cell::default(),
            acted_on: RefCell::default(),
            had_other_decision: Cell::default(),
            redirect_error: RefCell::default(),
        }))
    }

    /// Decides what to show. Call it when the snapshot's status or front token changes, when the requirement changes,
    /// and after [`GuardOptions::on_change`].
    pub fn view(&self, require: &Require) -> GuardView {
        let require = self.0.combined(require);
        let last_fetch = self.0.last_fetch.borrow();
        let decision = self.0.reader.decide(&self.0.state, &require, last_fetch.as_ref(), true);
        let error = self.0.redirect_error.borrow();
        let error = error.as_ref().filter(|(failed, _)| *failed == decision).map(|(_, error)| *error);
        match (decision, error) {
            (Decision::Loading, _) => GuardView::Fallback,
            (Decision::Show, _) => GuardView::View,
            (Decision::Unreachable, _) => GuardView::Unreachable,
            (Decision::RedirectToLogin, Some(error)) => GuardView::Error(error),
            (Decision::AccessDenied(denied), error) if denied.redirect.is_none() || error.is_some() => {
                GuardView::Denied(denied)
            }
            (Decision::RedirectToLogin | Decision::AccessDenied(_), _) => GuardView::Redirecting,
        }
    }

    /// Acts on the last decision of [`view`](Self::view): fetches claims, or redirects. Call it after each change of
    /// the snapshot, of the requirement, of the value of `view`, and of the page's URL.
    pub fn act(&self) {
        self.fetch_due_claims();
        self.redirect();
    }

    /// Fetches claims that are due, or that the API or the app wants to be checked again.
    fn fetch_due_claims(&self) {
        let guard = &self.0;
        let count = guard.reader.snapshot().recheck_count;
        let is_recheck = guard.seen_recheck_count.replace(Some(count)).is_some_and(|seen| seen != count);
        let Some(subject) = guard.state.borrow().as_ref().and_then(|state| {
            let now_ms = guard.reader.server_now_ms();
            let should_fetch = state.is_due || (is_recheck && state.may_fetch(now_ms));
            state.subject().filter(|_| should_fetch).cloned()
        }) else {
            return;
        };
        if !subject.require.validators().is_empty() && guard.fetching.borrow().as_ref() != Some(&subject) {
            guard.fetching.replace(Some(subject.clone()));
            self.fetch(subject);
        }
    }

    fn fetch(&self, subject: Subject) {
        // The guard or the provider may be dropped before the response arrives.
        let (this, reader) = (Rc::downgrade(&self.0), self.0.reader.clone());
        self.0.reader.spawn(async move {
            let outcome = reader.client.check_requirement(&subject.require).await;
            // Publish the fetched claims before the guard decides on the outcome.
            reader.read().await;
            let (ended_at_ms, outcome) = match (reader.client.server_time_ms().await, outcome) {
                (Ok(server_now_ms), outcome) => (server_now_ms, outcome.map(|checked| checked.has_response)),
                (Err(error), _) => (reader.now_ms(), Err(error)),
            };
            let has_response = match outcome {
                Ok(has_response) => has_response,
                Err(SessionError::NoSession) => true,
                Err(error) => {
                    crate::warn(&format!("could not fetch claims: {error}"));
                    false
                }
            };
            if let Some(guard) = this.upgrade() {
                guard.end_fetch(subject, ended_at_ms, has_response);
            }
        });
    }

    fn redirect(&self) {
        let guard = &self.0;
        let Some(decision) = guard.state.borrow().as_ref().map(|state| state.decision.clone()) else {
            return;
        };
        // A guard does not redirect a page that the router is leaving. The user may return to it.
        let location = (!guard.router.is_leaving()).then(|| guard.router.location());
        let is_leaving = location.is_none();
        let current = Some((decision.clone(), location));
        if *guard.acted_on.borrow() == current {
            return;
        }
        let previous = guard.acted_on.replace(current).map(|(decision, _)| decision);
        let redirected = match &decision {
            _ if is_leaving => None,
            Decision::RedirectToLogin => {
                let reason = UnauthenticatedReason::SignedOut;
                let is_signed_out =
                    guard.reader.snapshot().status == SessionStatus::Unauthenticated { reason };
                if previous == Some(Decision::Show) && !is_signed_out {
                    (guard.options.on_session_expired)();
                }
                // After a sign-out, another user may sign in and must not get the first user's page. A page that is
                // opened after the sign-out is a valid return address.
                let with_return_address = !(guard.had_other_decision.get() && is_signed_out);
                Some(guard.redirects.to_login(&*guard.router, with_return_address))
            }
            Decision::AccessDenied(Denied { redirect: Some(page), .. }) => {
                Some(guard.redirects.to_step_up(&*guard.router, page))
            }
            _ => None,
        };
        if decision != Decision::RedirectToLogin {
            guard.had_other_decision.set(true);
        }
        if let Some(Ok(Destination::Here(_))) = redirected {
            // If the router still shows the page at the next act, a click on a link to the page overtook the redirect.
            guard.acted_on.replace(Some((decision.clone(), None)));
        }
        let error = redirected.and_then(Result::err).map(|error| (decision, error));
        if guard.redirect_error.replace(error.clone()) != error {
            (guard.options.on_change)();
        }
    }
}

impl Inner {
    /// The route's requirement combined with the global one.
    fn combined(&self, require: &Require) -> Require {
        let Some(global) = &self.global else { return require.clone() };
        let mut combined = self.combined.borrow_mut();
        match &*combined {
            Some((given, all)) if given == require => all.clone(),
            _ => combined.insert((require.clone(), global.clone().and(require.clone()))).1.clone(),
        }
    }

    fn end_fetch(&self, subject: Subject, ended_at_ms: i64, has_response: bool) {
        if self.fetching.borrow().as_ref() == Some(&subject) {
            self.fetching.take();
        }
        let number = self.last_fetch.borrow().as_ref().map_or(0, |last| last.number) + 1;
        self.last_fetch.replace(Some(ClaimFetch { subject, number, ended_at_ms, has_response }));
        (self.options.on_change)();
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

/// Checks a requirement for a part of a page. It uses the stored claims, and neither fetches nor redirects.
///
/// A claim's age is checked once, when the requirement is first checked for a user.
pub struct RequirementCheck {
    reader: Rc<SnapshotReader>,
    state: RefCell<Option<GuardState>>,
}

impl RequirementCheck {
    /// Creates a check without a decision.
    pub fn new(sync: &SessionSync) -> Self {
        Self { reader: sync.reader().clone(), state: RefCell::default() }
    }

    /// Checks the requirement. Call it when the snapshot's status, its front token or the requirement changes.
    pub fn decide(&self, require: &Require) -> Decision {
        self.reader.decide(&self.state, require, None, false)
    }
}

impl std::fmt::Debug for RequirementCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequirementCheck").finish_non_exhaustive()
    }
}

/// The decision of a page that a server renders.
pub(crate) fn first_decision(snapshot: &Snapshot, require: &Require, fetches_claims: bool) -> Decision {
    // Without a time there is no session.
    let now_ms = snapshot.rendered_at_ms.unwrap_or_default();
    let (status, front) = (snapshot.status, snapshot.front_token.as_ref());
    let inputs = Inputs { status, front, require, now_ms, last_fetch: None, fetches_claims };
    GuardState::next(None, &inputs).decision
}

impl SnapshotReader {
    fn decide(
        &self,
        state: &RefCell<Option<GuardState>>,
        require: &Require,
        last_fetch: Option<&ClaimFetch>,
        fetches_claims: bool,
    ) -> Decision {
        let snapshot = self.snapshot();
        let inputs = Inputs {
            status: snapshot.status,
            front: snapshot.front_token.as_ref(),
            require,
            now_ms: self.server_now_ms(),
            last_fetch,
            fetches_claims,
        };
        let next = GuardState::next(state.borrow().as_ref(), &inputs);
        let decision = next.decision.clone();
        state.replace(Some(next));
        decision
    }
}
