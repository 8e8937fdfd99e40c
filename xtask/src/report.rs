//! Counts tests in the output of libtest, wasm-bindgen-test-runner and node, and sums up.

use std::fmt::Write;
use std::time::Duration;

use crate::cli::{Engine, Stage};
use crate::run::{GREEN, RED, paint};
use crate::skips;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    Skipped,
}

/// Reads the output of tests line by line.
#[derive(Default)]
pub(crate) struct Counter {
    /// Printed before each line, where several programs run at once.
    pub(crate) prefix: &'static str,
    pub(crate) counts: Counts,
    /// The tests by name, as far as they are printed one by one.
    pub(crate) results: Vec<(String, Verdict)>,
    /// The first lines of each panic.
    pub(crate) panics: Vec<String>,
    /// How many of the next lines belong to the last panic.
    pub(crate) panic_lines: usize,
}

/// The place of a panic, and the lines that a failed `assert_eq` prints.
const PANIC_LINES: usize = 4;

impl Counter {
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        self.results.extend(result_in(&line));
        self.read_panic(line.trim());
        let number = |text: &str| text.parse::<usize>().unwrap_or_default();
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["test", "result:", _, passed, "passed;", failed, "failed;", ignored, "ignored;", ..] => {
                self.counts.passed += number(passed);
                self.counts.failed += number(failed);
                self.counts.skipped += number(ignored);
            }
            // Node prints the same indented for each suite.
            ["#" | "ℹ", outcome, count] if !line.starts_with(' ') => match outcome {
                "pass" => self.counts.passed += number(count),
                "fail" | "cancelled" => self.counts.failed += number(count),
                "skipped" | "todo" => self.counts.skipped += number(count),
                _ => {}
            },
            _ => {}
        }
    }

    fn read_panic(&mut self, line: &str) {
        if line.contains("panicked at ") {
            self.panic_lines = PANIC_LINES;
        }
        if self.panic_lines > 0 {
            self.panic_lines -= 1;
            self.panics.push(line.to_owned());
        }
    }
}

/// `test guard::waits ... ok` of both Rust runners.
fn result_in(line: &str) -> Option<(String, Verdict)> {
    let (name, verdict) = line.trim().strip_prefix("test ")?.split_once(" ... ")?;
    let verdict = match verdict.split([',', ' ']).next()? {
        "ok" => Verdict::Passed,
        "FAILED" | "FAIL" => Verdict::Failed,
        "ignored" => Verdict::Skipped,
        _ => return None,
    };
    Some((name.trim_end_matches(" - should panic").to_owned(), verdict))
}

/// Removes `ESC … m` and `ESC ( B`, which end in a letter.
fn without_colours<'a>(text: &'a str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default();
    let after =
        |part: &'a str| part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, after)| after);
    [first].into_iter().chain(parts.map(after)).collect()
}

/// A table in Markdown, with an empty first head.
pub(crate) fn markdown(heads: &[&str], rows: impl Iterator<Item = (String, Vec<String>)>) -> String {
    let mut table = format!("| | {} |\n|---|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for (name, cells) in rows {
        let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
    }
    table
}

/// How a stage went, in one engine if it needs one.
pub(crate) struct Outcome {
    pub(crate) stage: Stage,
    pub(crate) engine: Option<Engine>,
    pub(crate) tests: Counter,
    pub(crate) time: Duration,
    /// Why the stage failed.
    pub(crate) error: Option<String>,
}

impl Outcome {
    fn name(&self) -> String {
        let stage = self.stage.value();
        let engine = self.engine.map(|engine| format!(" {}", engine.name())).unwrap_or_default();
        format!("{}{engine}", stage.get_name())
    }

    /// The names of the tests with this verdict.
    fn tests_with(&self, verdict: Verdict) -> impl Iterator<Item = &str> {
        self.tests.results.iter().filter(move |(_, its)| *its == verdict).map(|(name, _)| name.as_str())
    }
}

/// A line for each stage, and for each engine that it ran in.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let mut table =
        format!("{:<18}{:>8}{:>8}{:>9}{:>10}\n", "stage", "passed", "failed", "skipped", "seconds");
    for outcome in outcomes {
        let Counts { passed, failed, skipped } = outcome.tests.counts;
        let has_tests = !outcome.stage.is_without_tests();
        let [passed, failed, skipped] = [passed, failed, skipped]
            .map(|number| if has_tests { number.to_string() } else { "-".to_owned() });
        let verdict = match &outcome.error {
            None => paint(GREEN, "ok"),
            Some(why) => paint(RED, &format!("FAILED: {}", why.lines().next().unwrap_or_default())),
        };
        let (name, seconds) = (outcome.name(), outcome.time.as_secs_f64());
        let _ = writeln!(table, "{name:<18}{passed:>8}{failed:>8}{skipped:>9}{seconds:>10.1}  {verdict}");
    }
    table
}

/// The failed tests by name, and the panics of their stages. The log of a whole run is long.
pub(crate) fn failed(outcomes: &[Outcome]) -> String {
    let mut list = String::new();
    for outcome in outcomes {
        let failed: Vec<_> = outcome.tests_with(Verdict::Failed).collect();
        for name in &failed {
            let _ = writeln!(list, "    {}: {name}", outcome.name());
        }
        // A passed test may panic on purpose.
        for line in outcome.tests.panics.iter().filter(|_| !failed.is_empty()) {
            let _ = writeln!(list, "        {line}");
        }
    }
    list
}

/// The skipped tests by name, with the reason if an engine is the reason.
pub(crate) fn skipped(outcomes: &[Outcome]) -> String {
    let mut list = String::new();
    for outcome in outcomes {
        for skip in outcome.engine.into_iter().flat_map(|engine| skips::of(outcome.stage, engine)) {
            let _ = writeln!(list, "    {}: {} - {}", outcome.name(), skip.test, skip.why);
        }
        for name in outcome.tests_with(Verdict::Skipped) {
            let _ = writeln!(list, "    {}: {name} - runs on request", outcome.name());
        }
    }
    list
}

/// `12 passed, 0 failed`, and `, 1 skipped` if there are any.
pub(crate) fn totals(outcomes: &[Outcome]) -> String {
    let sum = |count: fn(&Outcome) -> usize| outcomes.iter().map(count).sum::<usize>();
    let passed = sum(|outcome| outcome.tests.counts.passed);
    // A stage that failed without a failed test counts as one.
    let failed = sum(|outcome| outcome.tests.counts.failed.max(usize::from(outcome.error.is_some())));
    match sum(|outcome| outcome.tests.counts.skipped) {
        0 => format!("{passed} passed, {failed} failed"),
        skipped => format!("{passed} passed, {failed} failed, {skipped} skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> Counter {
        let mut counter = Counter::default();
        output.split_inclusive('\n').for_each(|line| counter.read(line));
        counter
    }

    #[test]
    fn the_results_of_all_runners_are_counted() {
        for (output, counts) in [
            ("test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out", [1, 1, 0]),
            (
                "test result: ok. 10 passed; 0 failed; 3 ignored;\ntest result: ok. 1 passed; 0 failed; 0 ignored;",
                [11, 0, 3],
            ),
            (
                "  test result: \x1b[32mok\x1b(B\x1b[m. 4 passed; 0 failed; 0 ignored; 0 filtered out",
                [4, 0, 0],
            ),
            (
                "    # pass 3\n# tests 17\n# pass 13\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n",
                [13, 2, 2],
            ),
            ("ℹ tests 17\nℹ pass 13\n\x1b[34mℹ fail 1\x1b[39m\r\nℹ skipped 1\n", [13, 1, 1]),
            (
                "wrote test result: ok. 1 passed; 0 failed\n# pass\n# pass three\n# pass 3 of 4\npass 3\n#pass 3\n",
                [0; 3],
            ),
        ] {
            let [passed, failed, skipped] = counts;
            assert_eq!(read(output).counts, Counts { passed, failed, skipped }, "{output}");
        }
    }

    #[test]
    fn results_have_the_names_of_tests() {
        use Verdict::{Failed, Passed, Skipped};
        let output = "running 5 tests\ntest a::b ... ok\ntest c - should panic ... \x1b[32mok\x1b(B\x1b[m\n\
            test d ... FAIL\ntest e ... FAILED\ntest f ... ignored, a measurement\ntest g ... perhaps\n";
        let expected = [("a::b", Passed), ("c", Passed), ("d", Failed), ("e", Failed), ("f", Skipped)];
        assert_eq!(read(output).results, expected.map(|(name, verdict)| (name.to_owned(), verdict)));
    }

    #[test]
    fn a_summary_names_failed_tests_with_the_first_lines_of_their_panics() {
        let failed_with = |output| {
            let stage = outcome(Stage::Wasm, Some(Engine::Webkit), [0; 3], None);
            failed(&[Outcome { tests: read(output), ..stage }])
        };
        let failure = "test a ... FAIL\n    panicked at src/a.rs:1:2:\n    assertion `left == right` failed\n\
            left: 1\n  right: 2\nat 0\n";
        let expected = "    wasm webkit: a\n        panicked at src/a.rs:1:2:\n\
            \x20       assertion `left == right` failed\n        left: 1\n        right: 2\n";
        assert_eq!(failed_with(failure), expected);
        assert_eq!(failed_with("test a ... ok\npanicked at b\n"), "");
    }

    fn outcome(stage: Stage, engine: Option<Engine>, counts: [usize; 3], error: Option<&str>) -> Outcome {
        let [passed, failed, skipped] = counts;
        let results = [("measure::it", Verdict::Skipped), ("a", Verdict::Passed), ("b", Verdict::Failed)];
        let results = results.map(|(name, verdict)| (name.to_owned(), verdict)).into();
        let counts = Counts { passed, failed, skipped };
        let tests = Counter { counts, results, ..Counter::default() };
        Outcome { stage, engine, tests, time: Duration::from_millis(1500), error: error.map(str::to_owned) }
    }

    #[test]
    fn the_summary_has_each_stage_and_skip_and_counts_a_broken_stage_as_one_failure() {
        let outcomes = [
            outcome(Stage::Lint, None, [0; 3], Some("clippy")),
            outcome(Stage::Wasm, Some(Engine::Firefox), [5, 2, 1], Some("why\nand where")),
        ];
        let table = table(&outcomes);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["stage", "passed", "failed", "skipped", "seconds"]);
        assert_eq!(lines[1], ["lint", "-", "-", "-", "1.5", "FAILED:", "clippy"]);
        assert_eq!(lines[2], ["wasm", "firefox", "5", "2", "1", "1.5", "FAILED:", "why"]);
        assert_eq!(totals(&outcomes), "5 passed, 3 failed, 1 skipped");
        assert_eq!(failed(&outcomes), "    lint: b\n    wasm firefox: b\n");
        let named = skipped(&outcomes);
        assert!(named.contains("    wasm firefox: measure::it - runs on request\n"), "{named}");
        for skip in skips::of(Stage::Wasm, Engine::Firefox) {
            assert!(named.contains(&format!("    wasm firefox: {} - {}\n", skip.test, skip.why)), "{named}");
        }
        assert_eq!(totals(&[outcome(Stage::Native, None, [5, 0, 0], None)]), "5 passed, 0 failed");
    }
}
