//! The changes after a response, and when a session ends.

use serde_json::json;

use super::*;

#[test]
fn a_response_without_session_headers_changes_nothing() {
    for header in [FrontTokenHeader::None, FrontTokenHeader::Unreadable] {
        assert_eq!(changes(with_front(header), &full(), NOW), Changes::default());
    }
}

#[test]
fn a_front_token_is_written_with_a_marker_and_the_clock_skew() {
    let received = front("ann", json!({ "iat": NOW / 1000 + 60 }));
    let FrontTokenHeader::Token { text, .. } = token(&received) else { unreachable!() };
    let changes = changes(with_front(token(&received)), &full(), NOW);
    assert_eq!(changes.clock_skew_ms, Some(60_000));
    let after = stored_after(full(), changes);
    assert_eq!(after.marker, Some(marker(&NOW.to_string())));
    assert_eq!(
        after,
        StoredSession { front: Some(text), marker: after.marker.clone(), clock_skew_ms: 60_000, ..full() }
    );
}

#[test]
fn a_clock_skew_of_zero_replaces_the_stored_one() {
    let changes = changes(with_front(token(&front("ann", json!({ "iat": NOW / 1000 })))), &full(), NOW);
    assert_eq!(changes.clock_skew_ms, Some(0));
}

#[test]
fn each_token_of_header_mode_changes_the_marker() {
    for (access, refresh) in [(true, false), (false, true), (true, true)] {
        for header in [FrontTokenHeader::None, FrontTokenHeader::Unreadable] {
            let mut headers = with_front(header);
            if access {
                headers.access = Change::Set(AccessToken::parse("new").unwrap());
            }
            if refresh {
                headers.refresh = Change::Clear;
            }
            let after = stored_after(full(), changes(headers, &full(), NOW));
            assert_ne!(after.marker, full().marker);
            assert_eq!(after.access.unwrap().reveal(), if access { "new" } else { "access" });
            assert_eq!(after.refresh.is_none(), refresh);
            assert_eq!((after.front, after.clock_skew_ms), (full().front, 5));
        }
    }
}

#[test]
fn an_anti_csrf_token_is_stored_only_with_a_session() {
    let new = || Change::Set(AntiCsrfToken::parse("new").unwrap());
    for has_front in [false, true] {
        for is_received in [false, true] {
            let stored =
                StoredSession { front: has_front.then(|| text("ann", json!({}))), anti_csrf: None, ..full() };
            let header = if is_received { token(&of("ann", "h")) } else { FrontTokenHeader::None };
            let response = SessionHeaders { anti_csrf: new(), ..with_front(header) };
            let expected = if has_front || is_received { new() } else { Change::Keep };
            let changes = changes(response, &stored, NOW);
            assert_eq!(changes.anti_csrf, expected, "stored {has_front}, is_received {is_received}");
            // The anti-CSRF token alone does not update the session.
            assert_eq!(changes.marker == Change::Keep, !is_received);
        }
    }
    let cleared = SessionHeaders { anti_csrf: Change::Clear, ..with_front(FrontTokenHeader::None) };
    assert_eq!(stored_after(full(), changes(cleared, &full(), NOW)).anti_csrf, None);
}

#[test]
fn a_remove_clears_all_tokens_despite_new_tokens_in_the_response() {
    let response = SessionHeaders {
        front: FrontTokenHeader::Remove,
        id_refresh: Change::Set(older("new", Some(NOW + 1))),
        access: Change::Set(AccessToken::parse("new").unwrap()),
        refresh: Change::Set(RefreshToken::parse("new").unwrap()),
        anti_csrf: Change::Set(AntiCsrfToken::parse("new").unwrap()),
        unreadable: None,
    };
    for stored in [full(), StoredSession::default()] {
        for changes in [changes(response.clone(), &stored, NOW), end_session(&stored, NOW)] {
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
fn a_stored_older_marker_becomes_remove_when_the_session_ends() {
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

/// Whether the current marker changes, for each response and each stored marker.
#[test]
fn an_older_backends_marker_makes_the_current_marker_unnecessary() {
    let ann = of("ann", "h");
    let set = |expiry| Change::Set(older("new", expiry));
    let valid = || set(Some(NOW + 1));
    for (header, id_refresh, without_marker, with_marker) in [
        (FrontTokenHeader::None, valid(), false, false),
        (FrontTokenHeader::Unreadable, valid(), false, false),
        (token(&ann), valid(), false, true),
        (token(&ann), set(None), false, true),
        // A refresh by an upgraded backend, or a new payload.
        (token(&ann), Change::Keep, true, true),
        (token(&ann), Change::Clear, true, true),
        // No store keeps an expired marker.
        (token(&ann), set(Some(NOW)), true, true),
        (token(&ann), set(Some(i64::MIN)), true, true),
        (FrontTokenHeader::None, set(Some(NOW)), false, false),
        (FrontTokenHeader::None, Change::Clear, false, false),
    ] {
        for (current, moves) in [(None, without_marker), (Some(marker("1")), with_marker)] {
            for stored_older in [None, Some(older("irt", None)), Some(IdRefreshToken::Removed)] {
                let stored = StoredSession { marker: current.clone(), id_refresh: stored_older, ..full() };
                let response =
                    SessionHeaders { id_refresh: id_refresh.clone(), ..with_front(header.clone()) };
                let changes = changes(response, &stored, NOW);
                assert_eq!(changes.marker != Change::Keep, moves, "{header:?}, {id_refresh:?}, {current:?}");
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
fn the_marker_is_unique_within_one_millisecond() {
    let mut stored = full();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..1_000 {
        let changes = changes(with_front(token(&of("ann", "h"))), &stored, NOW);
        stored.apply(changes);
        assert!(seen.insert(stored.marker.as_ref().unwrap().reveal().to_owned()));
    }
}
