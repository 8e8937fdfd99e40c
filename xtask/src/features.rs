//! The table of the README: which feature works in which engine, as the tests show.

use crate::cli::Engine;
use crate::report::{self, Outcome, Verdict};
use crate::skips;

struct Feature {
    name: &'static str,
    /// How the names of its tests begin.
    tests: &'static [&'static str],
}

const FEATURES: &[Feature] = &[
    Feature { name: "cookie mode", tests: &["sign_in::", "expiry::", "reload::", "sign_out::"] },
    Feature { name: "header mode", tests: &["header_mode::"] },
    Feature { name: "anti-CSRF tokens", tests: &["anti_csrf::"] },
    Feature { name: "the older protocol generation, and upgrades", tests: &["generations::"] },
    Feature { name: "one refresh over two tabs, and over twelve", tests: &["two_tabs::", "twelve_tabs::"] },
    Feature { name: "Web Locks", tests: &["fifty_contenders_with_web_locks", "another_page_s_web_lock"] },
    Feature {
        name: "the lock where there are no Web Locks",
        tests: &[
            "twenty_contenders_with_an_entry",
            "an_entry_older_than_five_seconds",
            "two_clients_without_web_locks",
        ],
    },
    Feature {
        name: "tabs follow each other (`BroadcastChannel`)",
        tests: &["the_other_tab_hears", "two_tabs::a_sign_out", "twelve_tabs::a_sign_out"],
    },
    Feature { name: "no `BroadcastChannel`", tests: &["a_browser_without_channels"] },
    Feature {
        name: "the attributes of cookies in an iframe",
        tests: &["attributes_of_a_page_and_of_a_frame"],
    },
    Feature { name: "no cookies for scripts", tests: &["no_script_cookies::", "without_cookies_"] },
    Feature {
        name: "a session too large for a cookie",
        tests: &["ten_kilobytes_", "a_payload_of_sixteen_kilobytes"],
    },
    Feature { name: "guards, claims, step-up", tests: &["guards::", "guard::", "step_up::", "roles::"] },
    Feature {
        name: "a page that comes back (`pageshow`, back button)",
        tests: &["coming_back::", "sign_out::the_way_back", "back_button::"],
    },
    Feature {
        name: "requests of other code (`fetch`, `XMLHttpRequest`)",
        tests: &["clients::", "every_kind_of_input_", "an_answer_is_shown_"],
    },
    Feature { name: "a request's body that is a stream", tests: &["an_intercepted_stream_", "a_stream_is_"] },
    Feature { name: "server functions", tests: &["server_fn::"] },
    Feature { name: "a live feed over a WebSocket", tests: &["live_feed::"] },
    Feature { name: "a strict Content-Security-Policy", tests: &["csp::"] },
    Feature {
        name: "CORS told from a dead network",
        tests: &["the_browser_itself_keeps", "a_server_that_is"],
    },
];

impl Feature {
    /// `yes` if tests with each of the beginnings passed, and none failed or was skipped.
    fn in_engine(&self, engine: Engine, outcomes: &[Outcome]) -> String {
        let outcomes: Vec<_> = outcomes.iter().filter(|outcome| outcome.engine == Some(engine)).collect();
        let has = |verdict: Verdict, beginning: &str| {
            let mut results = outcomes.iter().flat_map(|outcome| &outcome.tests.results);
            results.any(|(name, its)| *its == verdict && name.starts_with(beginning))
        };
        if self.tests.iter().any(|beginning| has(Verdict::Failed, beginning)) {
            return "**no**".to_owned();
        }
        let skips = outcomes.iter().flat_map(|outcome| skips::of(outcome.stage, engine));
        let is_its = |test: &str| self.tests.iter().any(|beginning| test.starts_with(beginning));
        let skipped = skips.filter(|skip| is_its(skip.test)).count();
        let passed = self.tests.iter().filter(|beginning| has(Verdict::Passed, beginning)).count();
        match (passed, skipped) {
            (0, 0) => "not run".to_owned(),
            (0, _) => "skipped".to_owned(),
            (_, 1..) => format!("in part ({skipped} skipped)"),
            _ if passed < self.tests.len() => "in part (others not run)".to_owned(),
            _ => "yes".to_owned(),
        }
    }
}

/// A row for each feature and a column for each engine, in Markdown.
pub(crate) fn table(engines: &[Engine], outcomes: &[Outcome]) -> String {
    let names: Vec<_> = engines.iter().map(|engine| engine.name()).collect();
    let cells =
        |feature: &Feature| engines.iter().map(|engine| feature.in_engine(*engine, outcomes)).collect();
    report::markdown(&names, FEATURES.iter().map(|feature| (feature.name.to_owned(), cells(feature))))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::Stage;
    use crate::docs;
    use crate::report::Counter;

    #[test]
    fn every_feature_names_existing_tests_and_has_a_row_in_the_readme() {
        let readme = include_str!("../../README.md");
        for feature in FEATURES {
            assert!(readme.contains(&format!("\n| {} |", feature.name)), "{}", feature.name);
            for beginning in feature.tests {
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
