//! The table of `docs/browsers.md`: which feature works in which engine, as the tests show.

use crate::cli::Engine;
use crate::report::{self, Outcome, Verdict};
use crate::skips;

/// What a user relies on, and how the names of its tests begin.
const FEATURES: &[(&str, &[&str])] = &[
    ("cookie mode", &["sign_in::", "expiry::", "reload::", "sign_out::"]),
    ("header mode", &["header_mode::"]),
    ("anti-CSRF tokens", &["anti_csrf::"]),
    ("the older protocol generation, and upgrades", &["generations::"]),
    ("one refresh over two tabs, and over twelve", &["two_tabs::", "twelve_tabs::"]),
    ("one session on two hosts of a site, and in a frame", &["two_hosts::"]),
    ("Web Locks", &["fifty_contenders_with_web_locks", "another_page_s_web_lock"]),
    (
        "the lock where there are no Web Locks",
        &[
            "twenty_contenders_with_an_entry",
            "an_entry_older_than_five_seconds",
            "two_clients_without_web_locks",
        ],
    ),
    (
        "tabs follow each other (`BroadcastChannel`)",
        &["another_tab_gets_sign_in", "two_tabs::a_sign_out", "twelve_tabs::a_sign_out"],
    ),
    ("no `BroadcastChannel`", &["a_browser_without_channels"]),
    ("the attributes of cookies in an iframe", &["attributes_of_a_page_and_of_a_frame"]),
    ("no cookies for scripts", &["no_script_cookies::", "without_cookies_"]),
    ("a session too large for a cookie", &["ten_kilobytes_", "a_payload_of_sixteen_kilobytes"]),
    ("guards, claims, step-up", &["guards::", "guard::", "step_up::", "roles::"]),
    (
        "a page that comes back (`pageshow`, back button)",
        &["page_events::", "sign_out::back_after_a_sign_out", "back_button::"],
    ),
    (
        "requests of other code (`fetch`, `XMLHttpRequest`)",
        &["clients::", "every_kind_of_input_", "a_response_is_shown_"],
    ),
    ("a request's body that is a stream", &["an_intercepted_stream_", "a_stream_is_"]),
    ("server functions", &["server_fn::"]),
    ("a live feed over a WebSocket", &["live_feed::"]),
    ("a strict Content-Security-Policy", &["csp::"]),
    (
        "CORS distinguished from a network failure",
        &["a_response_that_the_browser_blocks", "a_reachable_server", "an_unreachable_server"],
    ),
];

/// `yes` if tests with each of the beginnings passed, and none failed or was skipped.
fn in_engine(beginnings: &[&str], engine: Engine, outcomes: &[Outcome]) -> String {
    let outcomes: Vec<_> = outcomes.iter().filter(|outcome| outcome.engine == Some(engine)).collect();
    let has = |verdict: Verdict, beginning: &str| {
        let mut results = outcomes.iter().flat_map(|outcome| &outcome.tests.results);
        results.any(|(name, its)| *its == verdict && name.starts_with(beginning))
    };
    if beginnings.iter().any(|beginning| has(Verdict::Failed, beginning)) {
        return "**no**".to_owned();
    }
    let skips = outcomes.iter().flat_map(|outcome| skips::of(outcome.stage, engine));
    let is_its = |test: &str| beginnings.iter().any(|beginning| test.starts_with(beginning));
    let skipped = skips.filter(|skip| is_its(skip.test)).count();
    let passed = beginnings.iter().filter(|beginning| has(Verdict::Passed, beginning)).count();
    match (passed, skipped) {
        (0, 0) => "not run".to_owned(),
        (0, _) => "skipped".to_owned(),
        (_, 1..) => format!("in part ({skipped} skipped)"),
        _ if passed < beginnings.len() => "in part (others not run)".to_owned(),
        _ => "yes".to_owned(),
    }
}

/// A row for each feature and a column for each engine, in Markdown.
pub(crate) fn table(engines: &[Engine], outcomes: &[Outcome]) -> String {
    let names: Vec<_> = engines.iter().map(|engine| engine.name()).collect();
    let cells = |tests| engines.iter().map(|engine| in_engine(tests, *engine, outcomes)).collect();
    report::markdown(&names, FEATURES.iter().map(|(name, tests)| ((*name).to_owned(), cells(tests))))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::Stage;
    use crate::docs;
    use crate::report::Counter;

    #[test]
    fn every_feature_names_existing_tests_and_has_a_row_in_the_docs() {
        let table = include_str!("../../docs/browsers.md");
        for (feature, tests) in FEATURES {
            assert!(table.contains(&format!("\n| {feature} |")), "{feature}");
            for beginning in *tests {
                assert!(docs::is_browser_test(beginning), "{beginning}");
            }
        }
    }

    #[test]
    fn a_feature_works_only_where_all_its_tests_passed() {
        let outcome = |engine, results: &[(&str, Verdict)]| {
            let results = results.iter().map(|(name, verdict)| ((*name).to_owned(), *verdict)).collect();
            let tests = Counter { results, ..Counter::default() };
            Outcome { stage: Stage::E2e, engine: Some(engine), tests, time: Duration::ZERO, error: None }
        };
        let reload = ("reload::a", Verdict::Passed);
        let outcomes = [
            outcome(Engine::Chromium, &[("csp::a", Verdict::Passed), ("csp::b", Verdict::Passed), reload]),
            outcome(Engine::Firefox, &[("csp::a", Verdict::Passed), ("csp::b", Verdict::Failed)]),
            outcome(Engine::Webkit, &[("csp::a", Verdict::Skipped), ("other::csp::", Verdict::Passed)]),
        ];
        let table = table(&Engine::ALL, &outcomes);
        assert!(table.starts_with("| | chromium | firefox | webkit |\n|---|---|---|---|\n"), "{table}");
        assert!(table.contains("| a strict Content-Security-Policy | yes | **no** | not run |\n"), "{table}");
        assert!(
            table.contains("| cookie mode | in part (others not run) | not run | not run |\n"),
            "{table}"
        );
    }
}
