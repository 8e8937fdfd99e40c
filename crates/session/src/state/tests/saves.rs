//! Which answers may still be saved.

use super::*;

/// No session, Ann's, Bob's, and Ann's next.
fn sessions() -> [Option<FrontToken>; 4] {
    [None, Some(of("ann", "1")), Some(of("bob", "2")), Some(of("ann", "3"))]
}

fn states(session: &Option<FrontToken>) -> Vec<LocalState> {
    match session {
        None => vec![LocalState::NotExists, LocalState::MayExist],
        Some(front) => vec![exists(front, "1"), exists(front, "2")],
    }
}

#[test]
fn an_answers_token_may_be_saved_unless_its_session_has_gone() {
    for sent in sessions() {
        for now in sessions() {
            for arriving in sessions().into_iter().flatten() {
                let key = Some(SessionKey::of(&arriving));
                let was_sent = sent.as_ref().map(SessionKey::of) == key;
                let is_there = now.as_ref().map(SessionKey::of) == key;
                // It belongs to the session that is there, or is one that begins with this answer.
                let expected = is_there || !was_sent;
                for sent in states(&sent) {
                    for now in states(&now) {
                        let may = may_save(&sent, &now, &token(&arriving));
                        assert_eq!(may, expected, "sent {sent:?}, now {now:?}, was sent {was_sent}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_answer_without_a_token_counts_for_its_own_session_alone() {
    for sent in sessions() {
        for now in sessions() {
            let expected = sent.as_ref().map(SessionKey::of) == now.as_ref().map(SessionKey::of);
            for sent in states(&sent) {
                for now in states(&now) {
                    for arrival in [Arrival::Remove, Arrival::None, Arrival::Unreadable] {
                        assert_eq!(may_save(&sent, &now, &arrival), expected, "{sent:?} {now:?} {arrival:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_refresh_may_be_saved_where_nobody_signed_in_or_out_meanwhile() {
    for sent in sessions().iter().flat_map(states) {
        for now in sessions().iter().flat_map(states) {
            let expected = match (&sent, &now) {
                (LocalState::MayExist, LocalState::MayExist) => true,
                (LocalState::Exists { key: a, .. }, LocalState::Exists { key: b, .. }) => a == b,
                _ => false,
            };
            assert_eq!(may_save_refresh(&sent, &now), expected, "{sent:?}, {now:?}");
        }
    }
}
