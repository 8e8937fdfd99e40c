//! `docs/decisions.md`: the decisions for all inputs, written by the functions themselves.

use std::{fs, path::Path};

use super::*;

const INTRODUCTION: &str = "# Decisions about the session

The pure functions of `crates/session/src/transitions` make these decisions. A test calls them with all combinations of the
inputs and writes the tables. It fails if this file is out of date.
`UPDATE_DECISIONS=1 cargo test -p supertokens-session --lib decisions` writes the file again.

`any` means that the input does not matter in this row.
";

/// The name of an input, and its values.
type Input<'a> = (&'a str, &'a [&'a str]);

/// The rows of a decision table. Values that lead to the same rows share one.
fn rows(
    inputs: &[Input<'_>],
    chosen: &mut Vec<usize>,
    decide: &dyn Fn(&[usize]) -> String,
) -> Vec<Vec<String>> {
    let Some(((_, values), others)) = inputs.split_first() else { return vec![vec![decide(chosen)]] };
    let mut groups: Vec<(Vec<&str>, Vec<Vec<String>>)> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        chosen.push(index);
        let rows = rows(others, chosen, decide);
        chosen.pop();
        match groups.iter_mut().find(|(_, others)| *others == rows) {
            Some((names, _)) => names.push(value),
            None => groups.push((vec![value], rows)),
        }
    }
    let cell = |names: &[&str]| if names.len() == values.len() { "any".into() } else { names.join(" or ") };
    let prepend = |(names, rows): (Vec<&str>, Vec<Vec<String>>)| {
        let first = cell(&names);
        rows.into_iter().map(move |row| [vec![first.clone()], row].concat())
    };
    groups.into_iter().flat_map(prepend).collect()
}

/// A section with a decision table in Markdown.
fn section(title: &str, text: &str, inputs: &[Input<'_>], decide: impl Fn(&[usize]) -> String) -> String {
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let heads = inputs.iter().map(|(name, _)| *name).chain(["decision"]).collect();
    let rows = rows(inputs, &mut Vec::new(), &decide);
    let rows = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    let rule = format!("|{}\n", "---|".repeat(inputs.len() + 1));
    format!("\n## {title}\n\n{text}\n\n{}{rule}{}", line(heads), rows.collect::<String>())
}

fn ann() -> FrontToken {
    front("ann", json!({ "sessionHandle": "1", "iat": NOW / 1000 }))
}

/// No session, an unknown state, and two states of one session.
fn states() -> [LocalState; 4] {
    [LocalState::NotExists, LocalState::MayExist, exists(&ann(), "1"), exists(&ann(), "2")]
}

fn stored_state() -> String {
    let inputs: [Input<'_>; 3] = [
        ("front token", &["none", "unreadable", "valid"]),
        ("marker", &["none", "a value"]),
        ("older marker", &["none", "a value", "`remove`"]),
    ];
    section("The state of the store", STORED_STATE, &inputs, |of| {
        let stored = StoredSession {
            front: (of[0] > 0).then(|| text("ann", json!({}))),
            marker: (of[1] == 1).then(|| marker("1")),
            id_refresh: [None, Some(older("a", None)), Some(IdRefreshToken::Removed)][of[2]].clone(),
            ..StoredSession::default()
        };
        match LocalState::of(&stored, (of[0] == 2).then(ann).as_ref()) {
            LocalState::Exists { .. } => "`Exists`",
            LocalState::NotExists => "`NotExists`",
            LocalState::MayExist => "`MayExist`",
        }
        .to_owned()
    })
}

const STORED_STATE: &str =
    "`LocalState::of` gives the state of the stored values: there is a session (`Exists`), the user is
signed out (`NotExists`), or it is unknown (`MayExist`), as on a first visit. The older marker is `sIRTFrontend`.";

fn before_the_request() -> String {
    let inputs: [Input<'_>; 4] = [
        ("state", &["`NotExists`", "`MayExist`", "`Exists`"]),
        ("front token expired", &["no", "yes"]),
        ("time of issue (`iat`)", &["yes", "no"]),
        ("can be retried", &["yes", "no"]),
    ];
    section("Before a request", BEFORE_REQUEST, &inputs, |of| {
        let front = if of[2] == 0 { ann() } else { front("ann", json!({ "sessionHandle": "1" })) };
        let now_ms = [NOW, NOW + 120_000][of[1]];
        match before_request(&states()[of[0]], Some(&front), now_ms, of[3] == 1) {
            BeforeRequest::Send => "send",
            BeforeRequest::RefreshFirst => "refresh, then send",
        }
        .to_owned()
    })
}

const BEFORE_REQUEST: &str =
    "`before_request` decides. Without a time of issue the clock skew is unknown, so the expiry is not
reliable: the API's 401 decides, unless the request can't be retried.";

fn after_the_response() -> String {
    let inputs: [Input<'_>; 3] = [
        ("status", &["expired session (401)", "invalid claim (403)", "any other"]),
        ("its headers end the session", &["no", "yes"]),
        ("a retry is left", &["yes", "no"]),
    ];
    section("After a response", AFTER_RESPONSE, &inputs, |of| {
        let rules = ResponseRules { expired_status: 401, invalid_claim_status: 403, max_retries: 10 };
        let (status, retries) = ([401, 403, 200][of[0]], [0, 10][of[2]]);
        match after_response(status, of[1] == 1, retries, rules) {
            AfterResponse::Deliver => "return it",
            AfterResponse::ReportClaims => "return it, and emit the invalid claims",
            AfterResponse::SessionEnded => "return it: the session has ended",
            AfterResponse::Refresh => "refresh, then retry",
            AfterResponse::OutOfRetries => "return it with an error: no retry is left",
        }
        .to_owned()
    })
}

const AFTER_RESPONSE: &str = "`after_response` decides. Both statuses are settings.";

fn under_the_lock() -> String {
    let inputs: [Input<'_>; 2] = [
        ("state before the lock", &["`NotExists`", "`MayExist`", "`Exists`"]),
        (
            "state under the lock",
            &["`NotExists`", "`MayExist`", "`Exists` with the same marker", "`Exists` with another marker"],
        ),
    ];
    section("Under the lock", UNDER_LOCK, &inputs, |of| {
        match under_lock(&states()[of[0]], &states()[of[1]]) {
            UnderLock::CallApi => "call the refresh API",
            UnderLock::AlreadyRefreshed => "use the stored session: another tab has refreshed or signed in",
            UnderLock::NoSession => "end: there is no session",
        }
        .to_owned()
    })
}

const UNDER_LOCK: &str =
    "`under_lock` compares the state before the refresh with the state that it reads under the lock.";

fn after_the_refresh() -> String {
    let inputs: [Input<'_>; 3] = [
        ("front token of the response", &["none", "unreadable", "`remove`", "a token"]),
        ("status", &["2xx", "expired session (401)", "any other"]),
        ("call", &["first", "second"]),
    ];
    section("After a refresh call", AFTER_REFRESH, &inputs, |of| {
        let headers =
            [FrontTokenHeader::None, FrontTokenHeader::Unreadable, FrontTokenHeader::Remove, token(&ann())];
        match after_refresh([200, 401, 500][of[1]], 401, &headers[of[0]], [1, 2][of[2]]) {
            AfterRefresh::Save => "save the tokens",
            AfterRefresh::EndSession => "end the session",
            AfterRefresh::CallAgain => "call again",
            AfterRefresh::NoFrontToken => "error: no front token",
            AfterRefresh::Failed => "error: the session is unchanged",
        }
        .to_owned()
    })
}

const AFTER_REFRESH: &str =
    "`after_refresh` decides. No response at all, or no lock, is an error too and changes nothing.";

fn saves() -> String {
    let bob = || exists(&of("bob", "2"), "1");
    let sessions = || [LocalState::NotExists, LocalState::MayExist, exists(&ann(), "1"), bob()];
    let may = |may| if may { "yes" } else { "no" }.to_owned();
    let stored: Input<'_> = ("stored session now", SESSIONS);
    let sent: Input<'_> = ("session when it was sent", SESSIONS);
    let received: Input<'_> = ("front token of the response", &["none", "`remove`", "Ann's"]);
    let responses = section("May a response be saved?", SAVES, &[received, sent, stored], |chosen| {
        let headers = [FrontTokenHeader::None, FrontTokenHeader::Remove, token(&ann())];
        may(may_save(&sessions()[chosen[1]], &sessions()[chosen[2]], &headers[chosen[0]]))
    });
    let refreshes = section("May a refresh be saved?", SAVED_REFRESHES, &[sent, stored], |chosen| {
        may(may_save_refresh(&sessions()[chosen[0]], &sessions()[chosen[1]]))
    });
    responses + &refreshes
}

const SESSIONS: &[&str] = &["none", "unknown", "Ann's", "Bob's"];

const SAVES: &str = "`may_save` decides for responses of the app's requests. A response of an ended session changes nothing, but a
sign-in begins a session. `save` also drops front tokens that are older than the stored one.";

const SAVED_REFRESHES: &str =
    "`may_save_refresh` decides: a sign-in or sign-out during the call takes precedence.";

#[test]
fn the_documented_decisions_are_up_to_date() {
    let sections = [
        INTRODUCTION.to_owned(),
        stored_state(),
        before_the_request(),
        after_the_response(),
        under_the_lock(),
        after_the_refresh(),
        saves(),
    ];
    let text = sections.concat();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/decisions.md");
    if std::env::var_os("UPDATE_DECISIONS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    // The published package does not contain the documents.
    let is_published = !file.parent().unwrap().exists();
    assert!(
        is_published || fs::read_to_string(&file).unwrap_or_default() == text,
        "docs/decisions.md is out of date: UPDATE_DECISIONS=1 writes it"
    );
}

#[test]
fn values_with_the_same_decisions_share_a_row() {
    let inputs: [Input<'_>; 2] = [("a", &["0", "1", "2"]), ("b", &["0", "1"])];
    let rows = rows(&inputs, &mut Vec::new(), &|of| (of[0] == 2 && of[1] == 1).to_string());
    assert_eq!(rows, [["0 or 1", "any", "false"], ["2", "0", "false"], ["2", "1", "true"]]);
}
