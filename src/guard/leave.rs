use leptos::prelude::*;

use super::decision::Decision;
use crate::{
    Session, SessionStatus, UnauthenticatedReason,
    reactive::{Derived, effect},
    redirect::{Here, Stuck},
};

/// Goes to the login page, or to the page on which a claim can be mended, as soon as that is decided. The signal tells
/// by what decision it wanted to, and why it could not.
pub(super) fn leave_when_decided(
    session: Session,
    decision: Derived<Decision>,
    on_session_expired: Option<UnsyncCallback<()>>,
) -> ReadSignal<Option<(Decision, Stuck)>> {
    let stuck = RwSignal::new(None);
    let here = Here::use_here();
    let mut before = None;
    let mut had_page = false;
    effect(move || {
        let decision = decision.get();
        // While the router leads off this page already, nothing is left to do. It may come back, so this is tracked.
        let is_leaving = here.is_being_left();
        let next = match &decision {
            _ if is_leaving => None,
            Decision::Leave => {
                if before == Some(Decision::Show) {
                    tell_of_the_end(session, on_session_expired);
                }
                // The next user may be another one. A page that is asked for after the sign-out is led back to.
                let with_return_address = !(had_page && is_signed_out(session));
                here.go_to_login(session, with_return_address).err()
            }
            Decision::Deny(denied) => {
                denied.redirect.as_ref().and_then(|page| here.go_to_step_up(session, page).err())
            }
            Decision::Wait | Decision::Show | Decision::Unreachable => None,
        };
        let next = next.map(|next| (decision.clone(), next));
        if stuck.get_untracked() != next {
            stuck.set(next);
        }
        had_page |= decision != Decision::Leave;
        before = Some(decision);
    });
    stuck.read_only()
}

/// A sign-out in this app is no news to it.
fn tell_of_the_end(session: Session, on_session_expired: Option<UnsyncCallback<()>>) {
    if !is_signed_out(session) {
        // Where the app has disposed of the callback, nobody listens.
        on_session_expired.and_then(|callback| callback.try_run(()));
    }
}

/// Whether the user ended the session, in this tab or another.
fn is_signed_out(session: Session) -> bool {
    let reason = UnauthenticatedReason::SignedOut;
    session.status().get_untracked() == SessionStatus::Unauthenticated { reason }
}
