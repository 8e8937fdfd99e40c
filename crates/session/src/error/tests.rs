//! Each error names its fix in its message, in its rustdoc and in docs/guide/src/errors.md.

use super::*;
use crate::config::SessionConfig;

/// One error of each variant. A new variant breaks the match in [`SessionError::name`]: add it here and to
/// docs/guide/src/errors.md.
fn all() -> Vec<SessionError> {
    use SessionError::*;
    vec![
        Config(SessionConfig::builder("").build().unwrap_err()),
        Url(UrlError::Scheme),
        Header(HeaderError::Name),
        SerializeBody,
        SerializeQuery,
        Status { status: 500 },
        DeserializeBody { expected: "u8", status: 200, message: "expected value at line 1 column 1".into() },
        Network(TransportError::Unreachable),
        RefreshUnreachable(TransportError::TimedOut),
        RefreshNotFound { status: 404 },
        RefreshReturnedPage,
        RefreshFailed { status: 500, body: None },
        RefreshBackoff { remaining: std::time::Duration::from_secs(30) },
        RefreshWithoutFrontToken,
        RefreshRedirected,
        ResponseWithoutFrontToken,
        FrontToken(FrontTokenError::Base64),
        UnreadableHeader { name: "anti-csrf" },
        TooManyRetries { attempts: 10 },
        SessionChanged,
        NoSession,
        NotRevoked { cause: SignOutFailure::Refresh },
        General { message: "no more than 3 devices".into() },
        Store(StoreError::Unreadable),
        Lock(LockError::Refused),
        Interrupted,
        HookLeftApi { action: ApiAction::SignOut },
        TokenInCookie,
        NotInBrowser,
        NotInterceptable,
    ]
}

fn name(error: &SessionError) -> &'static str {
    error.name()
}

fn all_of_transport() -> [TransportError; 7] {
    use TransportError::*;
    [Unreachable, BlockedByCors, MixedContent, TimedOut, Aborted, Unsendable, Body]
}

fn name_of_transport(error: TransportError) -> &'static str {
    use TransportError::*;
    match error {
        Unreachable => "Unreachable",
        BlockedByCors => "BlockedByCors",
        MixedContent => "MixedContent",
        TimedOut => "TimedOut",
        Aborted => "Aborted",
        Unsendable => "Unsendable",
        Body => "Body",
    }
}

#[test]
fn every_message_is_one_line_of_words() {
    let transport = all_of_transport().map(SessionError::Network);
    for error in all().into_iter().chain(transport) {
        let message = error.to_string();
        assert!(message.contains(' ') && message.len() > 15, "{message}");
        assert!(!message.contains(['\n', '\t']) && !message.contains("  "), "{message}");
    }
}

#[test]
fn the_message_says_what_to_fix() {
    use SessionError::*;
    for (error, fixes) in [
        (RefreshNotFound { status: 404 }, ["api_base_path", "refresh_token_url", "404"].as_slice()),
        (RefreshReturnedPage, &["api_domain", "api_base_path", "proxy"]),
        (RefreshFailed { status: 503, body: None }, &["503", "backend's log"]),
        (
            RefreshBackoff { remaining: std::time::Duration::from_millis(29_100) },
            &["busy or failing", "30 s"],
        ),
        (RefreshWithoutFrontToken, &["access-control-expose-headers: front-token", "proxy"]),
        (ResponseWithoutFrontToken, &["access-control-expose-headers: front-token", "proxy"]),
        (RefreshRedirected, &["api_domain", "without a redirect"]),
        (TooManyRetries { attempts: 3 }, &["3 times", "another status"]),
        (RefreshUnreachable(TransportError::BlockedByCors), &["most likely", "not be `*`"]),
        (
            Network(TransportError::BlockedByCors),
            &["access-control-allow-origin", "-credentials`", "-headers`"],
        ),
        (Network(TransportError::BlockedByCors), &["rid", "fdi-version", "st-auth-mode", "anti-csrf"]),
        (Network(TransportError::MixedContent), &["https in `api_domain`"]),
    ] {
        let message = error.to_string();
        for fix in fixes {
            assert!(message.contains(fix), "{fix} in {message}");
        }
    }
}

#[test]
fn the_rustdoc_of_every_variant_has_a_fix() {
    let names = all().iter().map(name).collect::<Vec<_>>();
    every_variant_has_a_fix(include_str!("../error.rs"), &names);
    every_variant_has_a_fix(
        include_str!("../platform/transport.rs"),
        &all_of_transport().map(name_of_transport),
    );
}

fn every_variant_has_a_fix(source: &str, names: &[&str]) {
    for name in names {
        let is_variant = |line: &str| {
            line.strip_prefix("    ")
                .and_then(|line| line.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with([',', '(', ' ']))
        };
        let lines: Vec<_> = source.lines().collect();
        let at = lines.iter().position(|line| is_variant(line)).unwrap();
        let doc = lines[..at].iter().rev().skip_while(|line| !line.starts_with("    ///"));
        let doc: Vec<_> = doc.take_while(|line| line.starts_with("    ///")).copied().collect();
        assert!(doc.iter().any(|line| line.contains("Fix:")), "{name}: {doc:?}");
    }
}

#[test]
fn the_docs_have_a_row_for_each() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/src/errors.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let rows: Vec<_> = docs.lines().filter(|line| line.starts_with("| `")).collect();
    let session = all().iter().map(|error| format!("| `{}`", name(error))).collect::<Vec<_>>();
    let transport =
        all_of_transport().map(|error| format!("| `TransportError::{}`", name_of_transport(error)));
    for row in session.iter().chain(&transport) {
        let found: Vec<_> = rows.iter().filter(|line| line.starts_with(row.as_str())).collect();
        assert_eq!(found.len(), 1, "{row}");
        let columns = found[0].trim_matches('|').split('|').filter(|column| !column.trim().is_empty());
        assert_eq!(columns.count(), 4, "{row}");
    }
    let known = |line: &&&str| session.iter().chain(&transport).any(|row| line.starts_with(row.as_str()));
    assert_eq!(rows.iter().filter(known).count(), rows.len(), "a row of a variant that does not exist");
}

#[test]
fn name_returns_the_variants_name() {
    for error in all() {
        let debug = format!("{error:?}");
        assert_eq!(debug.split(['(', ' ']).next(), Some(error.name()));
    }
}

#[test]
fn errors_can_be_stored_in_signals() {
    fn fits<T: Clone + Send + Sync + 'static>() {}
    fits::<SessionError>();
}
