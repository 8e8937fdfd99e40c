//! The tables, row by row and in all combinations.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use super::*;
use crate::token::{AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, RefreshToken};

const NOW: i64 = 1_800_000_000_000;

fn front(user: &str, up: Value) -> FrontToken {
    FrontToken::decode(text(user, up).reveal()).unwrap()
}

fn text(user: &str, up: Value) -> FrontTokenText {
    let json = json!({ "uid": user, "ate": NOW + 60_000, "up": up }).to_string();
    FrontTokenText::parse(&BASE64_STANDARD.encode(json)).unwrap()
}

/// A front token of a user's session.
fn of(user: &str, handle: &str) -> FrontToken {
    front(user, json!({ "sessionHandle": handle }))
}

fn token(front: &FrontToken) -> Arrival {
    Arrival::Token { text: FrontTokenText::parse("irrelevant").unwrap(), front: front.clone() }
}

fn marker(text: &str) -> Marker {
    Marker::parse(text).unwrap()
}

fn older(value: &str, expires_at_ms: Option<i64>) -> IdRefreshToken {
    IdRefreshToken::Current { value: marker(value), expires_at_ms }
}

fn exists(front: &FrontToken, text: &str) -> LocalState {
    exists_with(front, Some(text), None)
}

fn exists_with(front: &FrontToken, current: Option<&str>, older: Option<IdRefreshToken>) -> LocalState {
    let marker = Markers { current: current.map(marker), older };
    LocalState::Exists { marker, key: SessionKey::of(front) }
}

/// Everything that can be kept.
fn full() -> Kept {
    Kept {
        front: Some(text("ann", json!({}))),
        marker: Some(marker("1")),
        id_refresh: Some(older("irt", None)),
        anti_csrf: AntiCsrfToken::parse("csrf").ok(),
        access: AccessToken::parse("access").ok(),
        refresh: RefreshToken::parse("refresh").ok(),
        clock_skew_ms: 5,
    }
}

fn incoming(front: Arrival) -> Incoming {
    Incoming {
        front,
        id_refresh: Change::Keep,
        access: Change::Keep,
        refresh: Change::Keep,
        anti_csrf: Change::Keep,
    }
}

fn kept_after(mut kept: Kept, changes: Changes) -> Kept {
    kept.apply(changes);
    kept
}

#[test]
fn the_local_state_of_every_store() {
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Front {
        None,
        Valid,
        Unreadable,
    }
    let ann = of("ann", "h");
    let irt = || older("irt", None);
    for front in [Front::None, Front::Valid, Front::Unreadable] {
        for has_marker in [false, true] {
            for id_refresh in
                [None, Some(irt()), Some(older("irt", Some(NOW))), Some(IdRefreshToken::Removed)]
            {
                let kept = Kept {
                    marker: has_marker.then(|| marker("7")),
                    id_refresh: id_refresh.clone(),
                    front: (front != Front::None).then(|| text("ann", json!({}))),
                    ..Kept::default()
                };
                let decoded = (front == Front::Valid).then_some(&ann);
                let expected = match (front, has_marker, id_refresh.as_ref().map(IdRefreshToken::text)) {
                    (Front::None, true, _) | (_, false, Some("remove")) => LocalState::NotExists,
                    (_, false, None) | (Front::None, false, Some(_)) => LocalState::MayExist,
                    (Front::Unreadable, true, _) | (Front::Unreadable, false, Some(_)) => {
                        LocalState::MayExist
                    }
                    (Front::Valid, true, None) => exists(&ann, "7"),
                    (Front::Valid, true, Some("remove")) => {
                        exists_with(&ann, Some("7"), Some(IdRefreshToken::Removed))
                    }
                    (Front::Valid, true, Some(_)) => exists_with(&ann, Some("7"), Some(irt())),
                    (Front::Valid, false, Some(_)) => exists_with(&ann, None, Some(irt())),
                };
                let state = LocalState::of(&kept, decoded);
                assert_eq!(state, expected, "front {front:?}, marker {has_marker}, older {id_refresh:?}");
                assert_eq!(state.key().is_some(), matches!(expected, LocalState::Exists { .. }));
            }
        }
    }
}

#[test]
fn older_markers_are_compared_without_their_expiry() {
    let ann = of("ann", "h");
    let state = |value: &str, expiry| {
        let id_refresh = Some(older(value, expiry));
        LocalState::of(&Kept { marker: None, id_refresh, ..full() }, Some(&ann))
    };
    assert_eq!(under_lock(&state("a", Some(NOW)), &state("a", None)), UnderLock::CallApi);
    assert_eq!(under_lock(&state("a", Some(1)), &state("a", Some(2))), UnderLock::CallApi);
    assert_eq!(under_lock(&state("a", Some(1)), &state("b", Some(1))), UnderLock::AlreadyRefreshed);
}

#[test]
fn a_move_of_either_marker_is_a_refresh() {
    let ann = of("ann", "h");
    let irt = |value| Some(older(value, None));
    let seen = exists_with(&ann, Some("1"), irt("a"));
    for now in [
        exists_with(&ann, Some("2"), irt("a")),
        exists_with(&ann, Some("1"), irt("b")),
        exists_with(&ann, None, irt("a")),
        exists_with(&ann, Some("1"), None),
        exists_with(&ann, Some("1"), Some(IdRefreshToken::Removed)),
    ] {
        assert_eq!(under_lock(&seen, &now), UnderLock::AlreadyRefreshed, "{now:?}");
    }
    assert_eq!(under_lock(&seen, &seen.clone()), UnderLock::CallApi);
}

#[test]
fn the_other_tokens_make_no_session() {
    let kept = Kept { front: None, ..full() };
    assert_eq!(LocalState::of(&kept, None), LocalState::NotExists);
    let kept = Kept { front: None, marker: None, id_refresh: None, ..full() };
    assert_eq!(LocalState::of(&kept, None), LocalState::MayExist);
}

#[test]
fn a_key_tells_user_and_handle_and_nothing_else() {
    let key = |front: &FrontToken| SessionKey::of(front);
    assert_eq!(key(&of("ann", "h")), key(&front("ann", json!({ "sessionHandle": "h", "role": "admin" }))));
    assert_ne!(key(&of("ann", "h")), key(&of("ann", "i")));
    assert_ne!(key(&of("ann", "h")), key(&of("bob", "h")));
    assert_ne!(key(&of("ann", "h")), key(&front("ann", json!({}))));
    assert_eq!(key(&front("ann", json!({}))), key(&front("ann", json!({ "sessionHandle": 7 }))));
    assert_eq!(format!("{:?}", key(&of("ann", "secret"))), "SessionKey(..)");
}

#[test]
fn a_key_without_a_handle_may_be_any_of_its_user() {
    let (older_ann, older_bob) = (front("ann", json!({})), front("bob", json!({})));
    for (one, two, expected) in [
        (&of("ann", "h"), &of("ann", "h"), true),
        (&of("ann", "h"), &of("ann", "i"), false),
        (&of("ann", "h"), &older_ann, true),
        (&older_ann, &older_ann, true),
        (&of("ann", "h"), &of("bob", "h"), false),
        (&older_ann, &older_bob, false),
        (&of("ann", "h"), &older_bob, false),
    ] {
        assert_eq!(SessionKey::of(one).may_be(&SessionKey::of(two)), expected);
        assert_eq!(SessionKey::of(two).may_be(&SessionKey::of(one)), expected);
    }
}

#[test]
fn expired_from_the_very_millisecond() {
    let ann = of("ann", "h");
    let ate = ann.expires_at_ms();
    for (now, expired) in
        [(ate - 1, false), (ate, true), (ate + 1, true), (i64::MIN, false), (i64::MAX, true)]
    {
        assert_eq!(has_expired(&ann, now), expired, "{now}");
    }
}

#[test]
fn the_clock_is_right_within_seven_seconds() {
    let issued_at = |seconds: i64| front("ann", json!({ "iat": seconds }));
    let second = NOW / 1000;
    for (iat, skew) in [
        (second, 0),
        (second + 6, 0),
        (second - 6, 0),
        (second + 7, 7_000),
        (second - 7, -7_000),
        (second + 3_600, 3_600_000),
        (second - 3_600, -3_600_000),
    ] {
        assert_eq!(clock_skew_ms(&issued_at(iat), NOW), skew, "{}", iat - second);
    }
    assert_eq!(clock_skew_ms(&issued_at(second), NOW + 6_999), 0);
    assert_eq!(clock_skew_ms(&issued_at(second), NOW + 7_000), -7_000);
    assert_eq!(clock_skew_ms(&issued_at(second), NOW - 7_000), 7_000);
}

#[test]
fn no_time_is_too_large_for_the_clock() {
    for iat in [i64::MAX, i64::MIN, i64::MAX / 1000, i64::MIN / 1000, 0] {
        for now in [i64::MAX, i64::MIN, 0, NOW] {
            clock_skew_ms(&front("ann", json!({ "iat": iat })), now);
        }
    }
    assert_eq!(clock_skew_ms(&front("ann", json!({ "iat": i64::MAX / 1000 })), i64::MIN), i64::MAX);
    assert_eq!(clock_skew_ms(&front("ann", json!({ "iat": i64::MIN / 1000 })), i64::MAX), i64::MIN);
    for up in [json!({}), json!({ "iat": "1" }), json!({ "iat": 1.5 }), json!({ "iat": null })] {
        assert_eq!(clock_skew_ms(&front("ann", up), NOW), 0);
    }
}

#[test]
fn before_a_request() {
    use BeforeRequest::*;
    for (state, expired, expected) in [
        (LocalState::MayExist, false, RefreshFirst),
        (LocalState::MayExist, true, RefreshFirst),
        (LocalState::NotExists, false, Send),
        (LocalState::NotExists, true, Send),
        (exists(&of("ann", "h"), "1"), false, Send),
        (exists(&of("ann", "h"), "1"), true, RefreshFirst),
    ] {
        assert_eq!(before_request(&state, expired), expected, "{state:?}, expired {expired}");
    }
}

#[test]
fn after_every_response() {
    use AfterResponse::*;
    for (expired_status, invalid_claim_status) in [(401, 403), (440, 460), (403, 401)] {
        for max_retries in [0, 1, 10, u32::MAX] {
            let rules = ResponseRules { expired_status, invalid_claim_status, max_retries };
            for retries in [0, 1, 9, 10, 11, u32::MAX] {
                for status in [0, 200, 204, 301, 400, 401, 403, 404, 440, 460, 500, 999] {
                    let expected = if status == expired_status && retries < max_retries {
                        Refresh
                    } else if status == expired_status {
                        OutOfRetries
                    } else if status == invalid_claim_status {
                        ReportClaims
                    } else {
                        Deliver
                    };
                    assert_eq!(
                        after_response(status, false, retries, rules),
                        expected,
                        "{status} {retries} {rules:?}"
                    );
                    let ended = if status == expired_status { SessionEnded } else { expected };
                    assert_eq!(after_response(status, true, retries, rules), ended, "{status} {rules:?}");
                }
            }
        }
    }
}

#[test]
fn under_the_lock_for_every_pair() {
    use LocalState::{MayExist, NotExists};
    use UnderLock::*;
    let ann = |text| exists(&of("ann", "h"), text);
    let bob = |text| exists(&of("bob", "i"), text);
    for seen in [NotExists, MayExist, ann("1"), ann("2"), bob("1"), bob("2")] {
        assert_eq!(under_lock(&seen, &NotExists), NoSession, "{seen:?}");
        assert_eq!(under_lock(&seen, &MayExist), CallApi, "{seen:?}");
        for now in [ann("1"), ann("2"), bob("1"), bob("2")] {
            let same_marker = match (&seen, &now) {
                (LocalState::Exists { marker: a, .. }, LocalState::Exists { marker: b, .. }) => a == b,
                _ => false,
            };
            let expected = if same_marker { CallApi } else { AlreadyRefreshed };
            assert_eq!(under_lock(&seen, &now), expected, "{seen:?}, {now:?}");
        }
    }
}

#[test]
fn after_a_refresh_for_every_status_arrival_and_call() {
    use AfterRefresh::*;
    let arrivals = [Arrival::None, Arrival::Unreadable, Arrival::Remove, token(&of("ann", "h"))];
    for expired_status in [401, 403] {
        for status in [200, 204, 299, 300, 401, 403, 404, 500] {
            for calls in [1, 2, 3] {
                for arrival in &arrivals {
                    let success = (200..300).contains(&status);
                    let expected = match arrival {
                        Arrival::Remove => EndSession,
                        Arrival::Token { .. } if success => Save,
                        Arrival::Token { .. } => Failed,
                        _ if status == expired_status => EndSession,
                        _ if !success => Failed,
                        _ if calls == 1 => CallAgain,
                        _ => NoFrontToken,
                    };
                    let decision = after_refresh(status, expired_status, arrival, calls);
                    assert_eq!(decision, expected, "{status} {expired_status} {arrival:?} {calls}");
                }
            }
        }
    }
}

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

#[test]
fn nothing_is_written_for_an_answer_that_says_nothing() {
    for arrival in [Arrival::None, Arrival::Unreadable] {
        assert_eq!(changes(incoming(arrival), &full(), NOW), Changes::default());
    }
}

#[test]
fn a_front_token_is_written_with_a_marker_and_the_clocks_error() {
    let arriving = front("ann", json!({ "iat": NOW / 1000 + 60 }));
    let Arrival::Token { text, .. } = token(&arriving) else { unreachable!() };
    let changes = changes(incoming(token(&arriving)), &full(), NOW);
    assert_eq!(changes.clock_skew_ms, Some(60_000));
    let after = kept_after(full(), changes);
    assert_eq!(after.marker, Some(marker(&NOW.to_string())));
    assert_eq!(
        after,
        Kept { front: Some(text), marker: after.marker.clone(), clock_skew_ms: 60_000, ..full() }
    );
}

#[test]
fn a_clock_that_is_right_again_is_written_too() {
    let changes = changes(incoming(token(&front("ann", json!({ "iat": NOW / 1000 })))), &full(), NOW);
    assert_eq!(changes.clock_skew_ms, Some(0));
}

#[test]
fn the_tokens_of_header_mode_move_the_marker_each_on_its_own() {
    for (access, refresh) in [(true, false), (false, true), (true, true)] {
        for arrival in [Arrival::None, Arrival::Unreadable] {
            let mut incoming = incoming(arrival);
            if access {
                incoming.access = Change::Set(AccessToken::parse("new").unwrap());
            }
            if refresh {
                incoming.refresh = Change::Clear;
            }
            let after = kept_after(full(), changes(incoming, &full(), NOW));
            assert_ne!(after.marker, full().marker);
            assert_eq!(after.access.unwrap().reveal(), if access { "new" } else { "access" });
            assert_eq!(after.refresh.is_none(), refresh);
            assert_eq!((after.front, after.clock_skew_ms), (full().front, 5));
        }
    }
}

#[test]
fn an_anti_csrf_token_is_kept_with_a_session_only() {
    let new = || Change::Set(AntiCsrfToken::parse("new").unwrap());
    for has_front in [false, true] {
        for arrives in [false, true] {
            let kept = Kept { front: has_front.then(|| text("ann", json!({}))), anti_csrf: None, ..full() };
            let arrival = if arrives { token(&of("ann", "h")) } else { Arrival::None };
            let answer = Incoming { anti_csrf: new(), ..incoming(arrival) };
            let expected = if has_front || arrives { new() } else { Change::Keep };
            let changes = changes(answer, &kept, NOW);
            assert_eq!(changes.anti_csrf, expected, "kept {has_front}, arrives {arrives}");
            // It alone is no update of the session.
            assert_eq!(changes.marker == Change::Keep, !arrives);
        }
    }
    let cleared = Incoming { anti_csrf: Change::Clear, ..incoming(Arrival::None) };
    assert_eq!(kept_after(full(), changes(cleared, &full(), NOW)).anti_csrf, None);
}

#[test]
fn a_remove_clears_all_whatever_else_the_answer_brings() {
    let answer = Incoming {
        front: Arrival::Remove,
        id_refresh: Change::Set(older("new", Some(NOW + 1))),
        access: Change::Set(AccessToken::parse("new").unwrap()),
        refresh: Change::Set(RefreshToken::parse("new").unwrap()),
        anti_csrf: Change::Set(AntiCsrfToken::parse("new").unwrap()),
    };
    for kept in [full(), Kept::default()] {
        for changes in [changes(answer.clone(), &kept, NOW), end_session(&kept, NOW)] {
            let after = kept_after(kept.clone(), changes);
            let marker = after.marker.clone();
            assert!(marker.is_some() && marker != kept.marker);
            let id_refresh = kept.id_refresh.as_ref().map(|_| IdRefreshToken::Removed);
            let clock_skew_ms = kept.clock_skew_ms;
            assert_eq!(after, Kept { marker, id_refresh, clock_skew_ms, ..Kept::default() });
            assert_eq!(LocalState::of(&after, None), LocalState::NotExists);
        }
    }
}

#[test]
fn an_older_marker_that_is_kept_says_of_each_end_remove() {
    for id_refresh in [older("irt", None), older("irt", Some(NOW)), IdRefreshToken::Removed] {
        for marker in [None, Some(marker("1"))] {
            let kept = Kept { id_refresh: Some(id_refresh.clone()), marker, ..full() };
            let after = kept_after(kept.clone(), end_session(&kept, NOW));
            assert_eq!(after.id_refresh, Some(IdRefreshToken::Removed));
            assert!(after.marker.is_some());
        }
    }
    assert_eq!(end_session(&Kept::default(), NOW).id_refresh, Change::Keep);
}

/// Whether the marker of ours moves, for each answer and each marker that is kept.
#[test]
fn an_older_backends_marker_is_enough() {
    let ann = of("ann", "h");
    let set = |expiry| Change::Set(older("new", expiry));
    let lives = || set(Some(NOW + 1));
    for (arrival, id_refresh, without_ours, with_ours) in [
        (Arrival::None, lives(), false, false),
        (Arrival::Unreadable, lives(), false, false),
        (token(&ann), lives(), false, true),
        (token(&ann), set(None), false, true),
        // A refresh by a backend that has been upgraded, or a new payload.
        (token(&ann), Change::Keep, true, true),
        (token(&ann), Change::Clear, true, true),
        // No store keeps it, so it is no marker at all.
        (token(&ann), set(Some(NOW)), true, true),
        (token(&ann), set(Some(i64::MIN)), true, true),
        (Arrival::None, set(Some(NOW)), false, false),
        (Arrival::None, Change::Clear, false, false),
    ] {
        for (ours, moves) in [(None, without_ours), (Some(marker("1")), with_ours)] {
            for kept_older in [None, Some(older("irt", None)), Some(IdRefreshToken::Removed)] {
                let kept = Kept { marker: ours.clone(), id_refresh: kept_older, ..full() };
                let answer = Incoming { id_refresh: id_refresh.clone(), ..incoming(arrival.clone()) };
                let changes = changes(answer, &kept, NOW);
                assert_eq!(changes.marker != Change::Keep, moves, "{arrival:?}, {id_refresh:?}, {ours:?}");
                assert_eq!(changes.id_refresh, id_refresh);
            }
        }
    }
}

#[test]
fn the_marker_always_differs_from_the_one_before() {
    for before in [
        None,
        Some("0"),
        Some("remove"),
        Some("1800000000000"),
        Some("1800000000000.1"),
        Some("1800000000000.4294967295"),
        Some("1800000000000.99999999999"),
        Some("1800000000000.x"),
        Some("1800000000000.1.1"),
        Some("1800000000000."),
        Some("."),
        Some("-5"),
    ] {
        for now in [NOW, 0, -5, i64::MAX, i64::MIN] {
            let kept = Kept { marker: before.map(marker), ..full() };
            let changes = end_session(&kept, now);
            let Change::Set(next) = changes.marker else { panic!("no marker after {before:?}") };
            assert_ne!(Some(next.reveal()), before, "{now}");
        }
    }
}

#[test]
fn the_marker_differs_from_all_before_in_one_millisecond() {
    let mut kept = full();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..1_000 {
        let changes = changes(incoming(token(&of("ann", "h"))), &kept, NOW);
        kept.apply(changes);
        assert!(seen.insert(kept.marker.as_ref().unwrap().reveal().to_owned()));
    }
}

#[test]
fn what_a_front_token_means_to_listeners() {
    use SessionEvent::*;
    let ann = front("ann", json!({ "sessionHandle": "1" }));
    let ann_with_role = front("ann", json!({ "sessionHandle": "1", "role": "admin" }));
    let bob = front("bob", json!({ "sessionHandle": "2" }));
    let bob_alike = front("bob", json!({ "sessionHandle": "1" }));
    for status in [200, 401, 403, 500] {
        let told = |before: Option<&FrontToken>, arrival| events(before, &arrival, status, 401);
        for before in [None, Some(&ann)] {
            assert_eq!(told(before, Arrival::None), []);
            assert_eq!(told(before, Arrival::Unreadable), []);
        }
        assert_eq!(told(None, Arrival::Remove), []);
        assert_eq!(told(None, token(&ann)), [SessionCreated]);
        assert_eq!(told(Some(&ann), token(&ann)), []);
        assert_eq!(told(Some(&ann), token(&ann_with_role)), [AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob)), [UserChanged, AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob_alike)), [UserChanged]);
        let end = if status == 401 { Unauthorised { session_expired_or_revoked: true } } else { SignOut };
        assert_eq!(told(Some(&ann), Arrival::Remove), [end]);
    }
    let end = events(Some(&ann), &Arrival::Remove, 440, 440);
    assert_eq!(end, [Unauthorised { session_expired_or_revoked: true }]);
    assert_eq!(events(Some(&ann), &Arrival::Remove, 401, 440), [SignOut]);
}
