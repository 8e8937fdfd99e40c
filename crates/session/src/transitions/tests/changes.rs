//! What is written for an answer, and when a session ends.

use serde_json::json;

use super::*;

#[test]
fn nothing_is_written_for_an_answer_that_says_nothing() {
    for arrival in [FrontTokenHeader::None, FrontTokenHeader::Unreadable] {
        assert_eq!(changes(incoming(arrival), &full(), NOW), Changes::default());
    }
}

#[test]
fn a_front_token_is_written_with_a_marker_and_the_clocks_error() {
    let arriving = front("ann", json!({ "iat": NOW / 1000 + 60 }));
    let FrontTokenHeader::Token { text, .. } = token(&arriving) else { unreachable!() };
    let changes = changes(incoming(token(&arriving)), &full(), NOW);
    assert_eq!(changes.clock_skew_ms, Some(60_000));
    let after = stored_after(full(), changes);
    assert_eq!(after.marker, Some(marker(&NOW.to_string())));
    assert_eq!(
        after,
        StoredSession { front: Some(text), marker: after.marker.clone(), clock_skew_ms: 60_000, ..full() }
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
        for arrival in [FrontTokenHeader::None, FrontTokenHeader::Unreadable] {
            let mut incoming = incoming(arrival);
            if access {
                incoming.access = Change::Set(AccessToken::parse("new").unwrap());
            }
            if refresh {
                incoming.refresh = Change::Clear;
            }
            let after = stored_after(full(), changes(incoming, &full(), NOW));
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
            let stored =
                StoredSession { front: has_front.then(|| text("ann", json!({}))), anti_csrf: None, ..full() };
            let arrival = if arrives { token(&of("ann", "h")) } else { FrontTokenHeader::None };
            let answer = SessionHeaders { anti_csrf: new(), ..incoming(arrival) };
            let expected = if has_front || arrives { new() } else { Change::Keep };
            let changes = changes(answer, &stored, NOW);
            assert_eq!(changes.anti_csrf, expected, "stored {has_front}, arrives {arrives}");
            // It alone is no update of the session.
            assert_eq!(changes.marker == Change::Keep, !arrives);
        }
    }
    let cleared = SessionHeaders { anti_csrf: Change::Clear, ..incoming(FrontTokenHeader::None) };
    assert_eq!(stored_after(full(), changes(cleared, &full(), NOW)).anti_csrf, None);
}

#[test]
fn a_remove_clears_all_whatever_else_the_answer_brings() {
    let answer = SessionHeaders {
        front: FrontTokenHeader::Remove,
        id_refresh: Change::Set(older("new", Some(NOW + 1))),
        access: Change::Set(AccessToken::parse("new").unwrap()),
        refresh: Change::Set(RefreshToken::parse("new").unwrap()),
        anti_csrf: Change::Set(AntiCsrfToken::parse("new").unwrap()),
        unreadable: None,
    };
    for stored in [full(), StoredSession::default()] {
        for changes in [changes(answer.clone(), &stored, NOW), end_session(&stored, NOW)] {
            let after = stored_after(stored.clone(), changes);
            let marker = after.marker.clone();
            assert!(marker.is_some() && marker != stored.marker);
            let id_refresh = stored.id_refresh.as_ref().map(|_| IdRefreshToken::Removed);
            let clock_skew_ms = stored.clock_skew_ms;
            assert_eq!(
                after,
                StoredSession { marker, id_refresh, clock_skew_ms, ..StoredSession::default() }
            );
            assert_eq!(LocalState::of(&after, None), LocalState::NotExists);
        }
    }
}

#[test]
fn an_older_marker_that_is_kept_says_of_each_end_remove() {
    for id_refresh in [older("irt", None), older("irt", Some(NOW)), IdRefreshToken::Removed] {
        for marker in [None, Some(marker("1"))] {
            let stored = StoredSession { id_refresh: Some(id_refresh.clone()), marker, ..full() };
            let after = stored_after(stored.clone(), end_session(&stored, NOW));
            assert_eq!(after.id_refresh, Some(IdRefreshToken::Removed));
            assert!(after.marker.is_some());
        }
    }
    assert_eq!(end_session(&StoredSession::default(), NOW).id_refresh, Change::Keep);
}

/// Whether the marker of ours moves, for each answer and each marker that is stored.
#[test]
fn an_older_backends_marker_is_enough() {
    let ann = of("ann", "h");
    let set = |expiry| Change::Set(older("new", expiry));
    let lives = || set(Some(NOW + 1));
    for (arrival, id_refresh, without_ours, with_ours) in [
        (FrontTokenHeader::None, lives(), false, false),
        (FrontTokenHeader::Unreadable, lives(), false, false),
        (token(&ann), lives(), false, true),
        (token(&ann), set(None), false, true),
        // A refresh by a backend that has been upgraded, or a new payload.
        (token(&ann), Change::Keep, true, true),
        (token(&ann), Change::Clear, true, true),
        // No store keeps it, so it is no marker at all.
        (token(&ann), set(Some(NOW)), true, true),
        (token(&ann), set(Some(i64::MIN)), true, true),
        (FrontTokenHeader::None, set(Some(NOW)), false, false),
        (FrontTokenHeader::None, Change::Clear, false, false),
    ] {
        for (ours, moves) in [(None, without_ours), (Some(marker("1")), with_ours)] {
            for kept_older in [None, Some(older("irt", None)), Some(IdRefreshToken::Removed)] {
                let stored = StoredSession { marker: ours.clone(), id_refresh: kept_older, ..full() };
                let answer = SessionHeaders { id_refresh: id_refresh.clone(), ..incoming(arrival.clone()) };
                let changes = changes(answer, &stored, NOW);
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
            let stored = StoredSession { marker: before.map(marker), ..full() };
            let changes = end_session(&stored, now);
            let Change::Set(next) = changes.marker else { panic!("no marker after {before:?}") };
            assert_ne!(Some(next.reveal()), before, "{now}");
        }
    }
}

#[test]
fn the_marker_differs_from_all_before_in_one_millisecond() {
    let mut stored = full();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..1_000 {
        let changes = changes(incoming(token(&of("ann", "h"))), &stored, NOW);
        stored.apply(changes);
        assert!(seen.insert(stored.marker.as_ref().unwrap().reveal().to_owned()));
    }
}
