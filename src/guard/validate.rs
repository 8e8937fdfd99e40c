use leptos::{prelude::*, task::spawn_local};
use supertokens_session::{SessionClient, SessionError, claims::Require};

use super::decision::{Facts, Judged, Validation};
use crate::{
    Session, SessionStatus,
    reactive::{Derived, effect},
    session::Subject,
};

/// Judges by what is known, and sees to it that claims are fetched anew where that is due.
pub(super) fn judge(session: Session, require: Derived<Require>) -> Derived<Judged> {
    let validation = RwSignal::new(None::<Validation>);
    let judged = Derived::new(move |known: Option<&Judged>| {
        let status = session.status().get();
        // A server knows nobody, and has no clock of its own here.
        let now_ms = if status == SessionStatus::Authenticated { session.server_now_ms() } else { 0 };
        session.front_token().with(|front| {
            validation.with(|validation| {
                require.with(|require| {
                    let (front, validation) = (front.as_ref(), validation.as_ref());
                    Judged::next(known, &Facts { status, front, require, now_ms, validation })
                })
            })
        })
    });
    validate_when_due(session, judged, validation);
    judged
}

/// Starts a validation where one is due, and where somebody doubts the claims: an API that refused one, or the app.
fn validate_when_due(session: Session, judged: Derived<Judged>, validation: RwSignal<Option<Validation>>) {
    let under_way = StoredValue::new(None::<Subject>);
    let doubts = session.doubts();
    let mut seen = None;
    effect(move || {
        let doubts = doubts.get();
        let is_doubted = seen.replace(doubts).is_some_and(|seen| seen != doubts);
        let subject = judged.with(|judged| {
            let is_wanted = judged.is_due || (is_doubted && judged.may_try(session.server_now_ms()));
            judged.subject().filter(|_| is_wanted).cloned()
        });
        if let Some(subject) = subject
            && !subject.require.validators().is_empty()
            && under_way.get_value().as_ref() != Some(&subject)
        {
            under_way.set_value(Some(subject.clone()));
            let (client, look) = (session.client(), session.look());
            spawn_local(validate(client, look, subject, under_way, validation));
        }
    });
}

/// The guard may be gone when it ends, and so may the provider.
async fn validate(
    client: SessionClient,
    look: impl Future<Output = ()>,
    subject: Subject,
    under_way: StoredValue<Option<Subject>>,
    validation: RwSignal<Option<Validation>>,
) {
    let outcome = client.check_requirement(&subject.require).await;
    // What it brought is shown before the outcome is judged.
    look.await;
    let (at_ms, outcome) = match (client.server_time_ms().await, outcome) {
        (Ok(at_ms), outcome) => (at_ms, outcome.map(|checked| checked.is_answered)),
        (Err(error), _) => (client.platform().clock.now_ms(), Err(error)),
    };
    let is_answered = match outcome {
        Ok(is_answered) => is_answered,
        Err(SessionError::NoSession) => true,
        Err(error) => {
            leptos::logging::warn!("supertokens-leptos: claims could not be checked anew: {error}");
            false
        }
    };
    under_way.try_update_value(|under_way| {
        if under_way.as_ref() == Some(&subject) {
            *under_way = None;
        }
    });
    validation.try_update(|last| {
        let number = last.as_ref().map_or(0, |last| last.number) + 1;
        *last = Some(Validation { subject, number, at_ms, is_answered });
    });
}
