//! Decisions of a server, which renders a page once and fetches nothing.

use supertokens_session::claims::{Denied, Require};

use crate::{
    guard::{Decision, GuardView, first_decision},
    redirect::{RedirectError, Redirects, Router},
    snapshot::Snapshot,
};

/// Decides for a part of a page. See [`RequirementCheck`](crate::RequirementCheck).
pub(super) fn decide(snapshot: &Snapshot, require: &Require) -> Decision {
    first_decision(snapshot, require, false)
}

/// Decides what a guard shows, and redirects if needed. A claim that is due is fetched by the browser, so this shows
/// the fallback.
pub(super) fn guard_view(
    snapshot: &Snapshot,
    require: &Require,
    redirects: &Redirects,
    router: &dyn Router,
) -> GuardView {
    match first_decision(snapshot, require, true) {
        Decision::Loading => GuardView::Fallback,
        Decision::Show => GuardView::View,
        Decision::Unreachable => GuardView::Unreachable,
        Decision::RedirectToLogin => redirecting(redirects.to_login(router, true)),
        Decision::AccessDenied(Denied { redirect: Some(page), .. }) => {
            redirecting(redirects.to_step_up(router, &page))
        }
        Decision::AccessDenied(denied) => GuardView::Denied(denied),
    }
}

/// The browser's first view is empty too. It shows why it can't redirect after that.
fn redirecting<T>(_: Result<T, RedirectError>) -> GuardView {
    GuardView::Redirecting
}
