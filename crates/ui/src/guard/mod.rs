//! What a guard shows, when it fetches claims, and where it redirects. Guards only control display; the API enforces
//! access.

mod decision;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

pub use decision::Decision;
use decision::{Facts, GuardState, Subject, Validation};
use supertokens_session::{
    SessionError,
    claims::{Denied, Require},
};

use crate::{
    reader::SnapshotReader,
    redirect::{RedirectError, Redirects, RouteLocation, Router},
    snapshot::{SessionStatus, UnauthenticatedReason},
    sync::SessionSync,
};

/// What is shown in the place of a guarded view. Compare it before you build anything: what is equal stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum GuardView {
    /// Nothing is decided yet.
    Fallback,
    /// The guarded view.
    View,
    /// The user does not fulfil the requirement.
    Denied(Denied),
    /// The backend does not answer.
    Unreachable,
    /// A redirect is on its way: show nothing.
    Redirecting,
    /// A redirect is not possible: show why.
    Error(RedirectError),
}

/// What a guard is made with.
pub struct GuardOptions {
    /// Whether the validators of the whole app are required too, before those of the route.
    pub with_global_validators: bool,
    /// Called once when the session ends while the view is shown, before the redirect. Not after a sign-out.
    pub on_session_expired: Box<dyn Fn()>,
    /// Called when [`Guard::view`] may say something else, though neither the snapshot nor the requirement has changed.
    pub on_change: Box<dyn Fn()>,
}

/// Guards one view. Ends with its last clone.
#[derive(Clone)]
pub struct Guard(Rc<Inner>);

struct Inner {
    reader: Rc<SnapshotReader>,
    redirects: Rc<Redirects>,
    router: Rc<dyn Router>,
    options: GuardOptions,
    global: Option<Require>,
    /// The route's requirement, and that with the global one. Another equal one is another requirement.
    required: RefCell<Option<(Require, Require)>>,
    state: RefCell<Option<GuardState>>,
    /// The last time that claims were fetched.
    validation: RefCell<Option<Validation>>,
    /// What claims are being fetched for.
    fetching: RefCell<Option<Subject>>,
    seen_rechecks: Cell<Option<u64>>,
    /// What [`Guard::act`] last acted on. There is no location while the router leaves the page.
    acted_on: RefCell<Option<(Decision, Option<RouteLocation>)>>,
    /// Whether the page was ever more than a way to the login page.
    was_decided: Cell<bool>,
    redirect_error: RefCell<Option<(Decision, RedirectError)>>,
}

impl Guard {
    /// A guard that has decided nothing yet.
    pub fn new(sync: &SessionSync, router: Rc<dyn Router>, options: GuardOptions) -> Self {
        let global = if options.with_global_validators { sync.global_requirement() } else { None };
        Self(Rc::new(Inner {
            reader: sync.reader().clone(),
            redirects: sync.redirects().clone(),
            router,
            options,
            global,
            required: RefCell::default(),
            state: RefCell::default(),
            validation: RefCell::default(),
            fetching: RefCell::default(),
            seen_rechecks: Cell::default(),
            acted_on: RefCell::default(),
            was_decided: Cell::default(),
            redirect_error: RefCell::default(),
        }))
    }

    /// Decides what to show. Call it when the snapshot's status or front token has changed, when the requirement has, and
    /// when the guard says so.
    pub fn view(&self, require: &Require) -> GuardView {
        let require = self.0.required(require);
        let validation = self.0.validation.borrow();
        let state = self.0.reader.decide(&self.0.state, &require, validation.as_ref(), true);
        let error = self.0.redirect_error.borrow().as_ref().filter(|(by, _)| *by == state).map(|(_, e)| *e);
        match (state, error) {
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

    /// Acts on what [`view`](Self::view) decided last: fetches claims, or redirects. Call it after each change of the
    /// snapshot, of the requirement, of what `view` gives, and of the page's URL.
    pub fn act(&self) {
        self.fetch_due_claims();
        self.redirect();
    }

    /// Fetches claims where some are due, and where the API or the app asked for it.
    fn fetch_due_claims(&self) {
        let guard = &self.0;
        let rechecks = guard.reader.snapshot().recheck_count;
        let is_recheck = guard.seen_rechecks.replace(Some(rechecks)).is_some_and(|seen| seen != rechecks);
        let Some(subject) = guard.state.borrow().as_ref().and_then(|state| {
            let now_ms = guard.reader.server_now_ms();
            let is_wanted = state.is_due || (is_recheck && state.may_try(now_ms));
            state.subject().filter(|_| is_wanted).cloned()
        }) else {
            return;
        };
        if !subject.require.validators().is_empty() && guard.fetching.borrow().as_ref() != Some(&subject) {
            guard.fetching.replace(Some(subject.clone()));
            self.fetch(subject);
        }
    }

    fn fetch(&self, subject: Subject) {
        // The guard or the provider may be gone before there is a response.
        let (this, reader) = (Rc::downgrade(&self.0), self.0.reader.clone());
        self.0.reader.spawn(async move {
            let outcome = reader.client.check_requirement(&subject.require).await;
            // What it brought is published before the outcome is judged.
            reader.read().await;
            let (at_ms, outcome) = match (reader.client.server_time_ms().await, outcome) {
                (Ok(at_ms), outcome) => (at_ms, outcome.map(|checked| checked.has_response)),
                (Err(error), _) => (reader.now_ms(), Err(error)),
            };
            let is_answered = match outcome {
                Ok(is_answered) => is_answered,
                Err(SessionError::NoSession) => true,
                Err(error) => {
                    crate::warn(&format!("claims could not be fetched: {error}"));
                    false
                }
            };
            if let Some(guard) = this.upgrade() {
                guard.end_fetch(subject, at_ms, is_answered);
            }
        });
    }

    fn redirect(&self) {
        let guard = &self.0;
        let Some(decision) = guard.state.borrow().as_ref().map(|state| state.decision.clone()) else {
            return;
        };
        // While the router leaves this page, there is nothing to do. It may come back.
        let location = (!guard.router.is_leaving()).then(|| guard.router.location());
        let is_leaving = location.is_none();
        let now = Some((decision.clone(), location));
        if *guard.acted_on.borrow() == now {
            return;
        }
        let before = guard.acted_on.replace(now).map(|(decision, _)| decision);
        let error = match &decision {
            _ if is_leaving => None,
            Decision::RedirectToLogin => {
                let reason = UnauthenticatedReason::SignedOut;
                let is_signed_out =
                    guard.reader.snapshot().status == SessionStatus::Unauthenticated { reason };
                if before == Some(Decision::Show) && !is_signed_out {
                    (guard.options.on_session_expired)();
                }
                // The next user may be another one. A page that is opened after the sign-out is a return address.
                let with_return_address = !(guard.was_decided.get() && is_signed_out);
                guard.redirects.to_login(&*guard.router, with_return_address).err()
            }
            Decision::AccessDenied(Denied { redirect: Some(page), .. }) => {
                guard.redirects.to_step_up(&*guard.router, page).err()
            }
            _ => None,
        };
        guard.was_decided.set(guard.was_decided.get() || decision != Decision::RedirectToLogin);
        let error = error.map(|error| (decision, error));
        if guard.redirect_error.replace(error.clone()) != error {
            (guard.options.on_change)();
        }
    }
}

impl Inner {
    fn required(&self, require: &Require) -> Require {
        let Some(global) = &self.global else { return require.clone() };
        let mut known = self.required.borrow_mut();
        match &*known {
            Some((given, all)) if given == require => all.clone(),
            _ => known.insert((require.clone(), global.clone().and(require.clone()))).1.clone(),
        }
    }

    fn end_fetch(&self, subject: Subject, at_ms: i64, is_answered: bool) {
        if self.fetching.borrow().as_ref() == Some(&subject) {
            self.fetching.take();
        }
        let number = self.validation.borrow().as_ref().map_or(0, |last| last.number) + 1;
        self.validation.replace(Some(Validation { subject, number, at_ms, is_answered }));
        (self.options.on_change)();
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

/// Checks a requirement for a part of a page. It takes the claims as they are, fetches none, and redirects nowhere.
///
/// The age of a claim is judged when the requirement is first checked for a user, and not as time goes by.
pub struct RequirementCheck {
    reader: Rc<SnapshotReader>,
    state: RefCell<Option<GuardState>>,
}

impl RequirementCheck {
    /// A check that has decided nothing yet.
    pub fn new(sync: &SessionSync) -> Self {
        Self { reader: sync.reader().clone(), state: RefCell::default() }
    }

    /// Decides. Call it when the snapshot's status or front token has changed, and when the requirement has.
    pub fn decide(&self, require: &Require) -> Decision {
        self.reader.decide(&self.state, require, None, false)
    }
}

impl std::fmt::Debug for RequirementCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequirementCheck").finish_non_exhaustive()
    }
}

impl SnapshotReader {
    fn decide(
        &self,
        state: &RefCell<Option<GuardState>>,
        require: &Require,
        validation: Option<&Validation>,
        fetches_claims: bool,
    ) -> Decision {
        let snapshot = self.snapshot();
        let facts = Facts {
            status: snapshot.status,
            front: snapshot.front_token.as_ref(),
            require,
            now_ms: self.server_now_ms(),
            validation,
            fetches_claims,
        };
        let next = GuardState::next(state.borrow().as_ref(), &facts);
        let decision = next.decision.clone();
        state.replace(Some(next));
        decision
    }
}
