//! Counts tests in what cargo, wasm-bindgen-test-runner and node print, and sums up.

use std::fmt::Write;
use std::ops::AddAssign;
use std::time::Duration;

use crate::cli::{Engine, Stage};
use crate::run::{GREEN, RED, paint};
use crate::skips;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// What became of one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    Ignored,
}

/// Fed with output as it comes, sums up its `test result:` lines, and the lines of numbers at the end of node's.
#[derive(Default)]
pub(crate) struct Counter {
    counts: Counts,
    results: Vec<(String, Verdict)>,
    line: Vec<u8>,
}

impl Counter {
    pub(crate) fn feed(&mut self, output: &[u8]) {
        for &byte in output {
            if byte == b'\n' {
                self.finish();
            } else {
                self.line.push(byte);
            }
        }
    }

    /// Takes what came after the last line break for a line as well.
    pub(crate) fn finish(&mut self) {
        let line = without_colours(&String::from_utf8_lossy(&self.line));
        if let Some(counts) = counts_in(&line).or_else(|| node_counts_in(&line)) {
            self.counts += counts;
        }
        self.results.extend(result_in(&line));
        self.line.clear();
    }

    /// The tests by their names, as far as they were told one by one.
    pub(crate) fn into_results(self) -> Vec<(String, Verdict)> {
        self.results
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// A test that is none of a test program's.
    pub(crate) fn record(&mut self, has_passed: bool) {
        self.counts.passed += u64::from(has_passed);
        self.counts.failed += u64::from(!has_passed);
    }

    /// Tests that were left out on purpose.
    pub(crate) fn skip(&mut self, tests: usize) {
        self.counts.ignored += tests as u64;
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`, which both runners of Rust print.
fn counts_in(line: &str) -> Option<Counts> {
    let (verdict, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    if !matches!(verdict, "ok" | "FAILED") {
        return None;
    }
    let mut counts = Counts::default();
    for part in numbers.split("; ") {
        match part.split_once(' ') {
            Some((number, "passed")) => counts.passed = number.parse().ok()?,
            Some((number, "failed")) => counts.failed = number.parse().ok()?,
            Some((number, "ignored")) => counts.ignored = number.parse().ok()?,
            _ => {}
        }
    }
    Some(counts)
}

/// `test guard::waits ... ok`, which both runners of Rust print.
fn result_in(line: &str) -> Option<(String, Verdict)> {
    let (name, verdict) = line.trim().strip_prefix("test ")?.split_once(" ... ")?;
    let verdict = match verdict.split([',', ' ']).next()? {
        "ok" => Verdict::Passed,
        "FAILED" | "FAIL" => Verdict::Failed,
        "ignored" => Verdict::Ignored,
        _ => return None,
    };
    Some((name.strip_suffix(" - should panic").unwrap_or(name).to_owned(), verdict))
}

/// `# pass 3` or `ℹ pass 3`, by node's version, and a line for each other outcome; tests of suites are indented.
fn node_counts_in(line: &str) -> Option<Counts> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (outcome, number) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
    let number = number.parse().ok()?;
    let none = Counts::default();
    match outcome {
        "pass" => Some(Counts { passed: number, ..none }),
        "fail" | "cancelled" => Some(Counts { failed: number, ..none }),
        "skipped" | "todo" => Some(Counts { ignored: number, ..none }),
        _ => None,
    }
}

/// The names in the answer to `--list`.
pub(crate) fn listed(output: &str) -> Vec<&str> {
    output.lines().filter_map(|line| line.strip_suffix(": test")).collect()
}

/// Without `ESC … m` and `ESC ( B`, which end in a letter.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\x1b' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

/// How a stage went, in one engine where it needs one.
pub(crate) struct Outcome {
    pub(crate) stage: Stage,
    pub(crate) engine: Option<Engine>,
    pub(crate) counts: Counts,
    pub(crate) results: Vec<(String, Verdict)>,
    pub(crate) time: Duration,
    /// What is wrong, if anything is.
    pub(crate) red: Option<String>,
}

impl Outcome {
    /// A red stage without a failed test counts as one, so that the totals never look green.
    fn total(&self) -> Counts {
        let mut counts = self.counts;
        if self.red.is_some() && counts.failed == 0 {
            counts.failed = 1;
        }
        counts
    }

    fn name(&self) -> String {
        let stage = self.stage.value();
        match self.engine {
            Some(engine) => format!("{} {}", stage.get_name(), engine.name()),
            None => stage.get_name().to_owned(),
        }
    }
}

/// A line for each stage, and for each engine that it ran in.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let mut table =
        format!("{:<18}{:>8}{:>8}{:>9}{:>10}\n", "stage", "passed", "failed", "skipped", "seconds");
    for outcome in outcomes {
        let numbers = match (outcome.stage, outcome.counts) {
            (Stage::Lint, _) => ["-"; 3].map(str::to_owned),
            (_, counts) => [counts.passed, counts.failed, counts.ignored].map(|n| n.to_string()),
        };
        let [passed, failed, skipped] = numbers;
        let verdict = match &outcome.red {
            None => paint(GREEN, "ok"),
            Some(why) => paint(RED, &format!("FAILED: {}", why.lines().next().unwrap_or_default())),
        };
        let _ = writeln!(
            table,
            "{:<18}{passed:>8}{failed:>8}{skipped:>9}{:>10.1}  {verdict}",
            outcome.name(),
            outcome.time.as_secs_f64(),
        );
    }
    table
}

/// What was left out, each by its name and with the reason where an engine is the reason; empty where nothing was.
pub(crate) fn skipped(outcomes: &[Outcome]) -> String {
    let mut list = String::new();
    for outcome in outcomes {
        let engine = outcome.engine.into_iter();
        for skip in engine.flat_map(|engine| skips::of(outcome.stage, engine)) {
            let _ = writeln!(list, "    {}: {} - {}", outcome.name(), skip.test, skip.why);
        }
        for (name, _) in outcome.results.iter().filter(|(_, verdict)| *verdict == Verdict::Ignored) {
            let _ = writeln!(list, "    {}: {name} - runs on request", outcome.name());
        }
    }
    list
}

/// `12 passed, 0 failed`, and `, 1 skipped` if there are any.
pub(crate) fn totals(outcomes: &[Outcome]) -> String {
    let mut sum = Counts::default();
    for outcome in outcomes {
        sum += outcome.total();
    }
    let mut line = format!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.ignored > 0 {
        let _ = write!(line, ", {} skipped", sum.ignored);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str) -> Counts {
        let mut counter = Counter::default();
        counter.feed(output.as_bytes());
        counter.finish();
        counter.counts()
    }

    #[test]
    fn libtest_and_doc_tests_add_up() {
        let output = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\n\
            test result: ok. 10 passed; 0 failed; 3 ignored; 0 measured; 2 filtered out; finished in 1.00s\n\n";
        assert_eq!(counted(output), Counts { passed: 11, failed: 1, ignored: 3 });
    }

    #[test]
    fn the_wasm_runner_counts_too_even_without_a_last_line_break() {
        let output = "test tests::mounts ... ok\n\n\
            test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.42s";
        assert_eq!(counted(output), Counts { passed: 4, failed: 0, ignored: 0 });
    }

    #[test]
    fn node_counts_in_either_of_its_formats() {
        let tap = "TAP version 13\n# Subtest: current SDK\n    # Subtest: signs in\n    ok 1 - signs in\n1..1\n\
            # tests 17\n# suites 2\n# pass 13\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 5.5\n";
        let expected = Counts { passed: 13, failed: 2, ignored: 2 };
        assert_eq!(counted(tap), expected);
        let spec = "▶ current SDK\n  ✔ signs in (12.5ms)\nℹ tests 17\nℹ suites 2\nℹ pass 13\nℹ fail 1\n\
            ℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 5.5\n";
        assert_eq!(counted(spec), expected);
        let coloured = "\x1b[34mℹ pass 13\x1b[39m\r\n\x1b[34mℹ fail 0\x1b[39m\r\n";
        assert_eq!(counted(coloured), Counts { passed: 13, failed: 0, ignored: 0 });
    }

    #[test]
    fn what_only_looks_like_nodes_numbers_counts_nothing() {
        let output = "    # pass 3\n# pass\n# pass three\n# pass 3 of 4\n# passed 3\npass 3\n#pass 3\n";
        assert_eq!(counted(output), Counts::default());
    }

    #[test]
    fn a_list_of_tests_is_read_without_its_sum() {
        let output = "expiry::stand_in::current::a: test\nb: benchmark\n\n1 test, 1 benchmark\n";
        assert_eq!(listed(output), ["expiry::stand_in::current::a"]);
    }

    #[test]
    fn colours_do_not_hide_the_result() {
        let output = "test result: \x1b[32mok\x1b(B\x1b[m. 7 passed; 0 failed; 0 ignored; 0 measured\n";
        assert_eq!(counted(output).passed, 7);
    }

    #[test]
    fn other_lines_count_nothing() {
        let output =
            "no tests to run!\nwrote test result: ok. 1 passed; 0 failed\ntest result: maybe. 1 passed\n";
        assert_eq!(counted(output), Counts::default());
    }

    #[test]
    fn a_line_may_come_in_pieces() {
        let mut counter = Counter::default();
        for piece in ["test res", "ult: ok. 2", " passed; 0 failed; 0 ignored", "\n"] {
            counter.feed(piece.as_bytes());
        }
        assert_eq!(counter.counts().passed, 2);
    }

    #[test]
    fn tests_are_told_by_name_however_they_are_printed() {
        let output = "running 5 tests\ntest a::b ... ok\ntest c - should panic ... \x1b[32mok\x1b(B\x1b[m\n\
            test d ... FAIL\ntest e ... FAILED\ntest f ... ignored, a measurement\ntest g ... perhaps\n\
            test result: ok. 1 passed; 0 failed\n";
        let mut counter = Counter::default();
        counter.feed(output.as_bytes());
        let expected = [
            ("a::b", Verdict::Passed),
            ("c", Verdict::Passed),
            ("d", Verdict::Failed),
            ("e", Verdict::Failed),
            ("f", Verdict::Ignored),
        ];
        let results = counter.into_results();
        let results: Vec<_> = results.iter().map(|(name, verdict)| (name.as_str(), *verdict)).collect();
        assert_eq!(results, expected);
    }

    fn outcome(stage: Stage, counts: Counts, red: Option<&str>) -> Outcome {
        let (time, red) = (Duration::from_millis(1500), red.map(str::to_owned));
        Outcome { stage, engine: None, counts, results: Vec::new(), time, red }
    }

    #[test]
    fn an_engine_has_a_line_of_its_own_and_what_was_left_out_is_named() {
        let counts = Counts { passed: 5, failed: 0, ignored: 1 };
        let results = vec![("measure::it".to_owned(), Verdict::Ignored), ("a".to_owned(), Verdict::Passed)];
        let outcomes = [
            outcome(Stage::Native, counts, None),
            Outcome { engine: Some(Engine::Firefox), results, ..outcome(Stage::Wasm, counts, None) },
        ];
        let table = table(&outcomes);
        assert!(table.lines().any(|line| line.starts_with("wasm firefox ")), "{table}");
        let named = skipped(&outcomes);
        assert!(named.contains("    wasm firefox: measure::it - "), "{named}");
        for skip in skips::of(Stage::Wasm, Engine::Firefox) {
            assert!(named.contains(skip.test) && named.contains(skip.why), "{named}");
        }
        assert_eq!(skipped(&outcomes[..1]), "");
    }

    #[test]
    fn the_totals_name_skipped_tests_only_if_there_are_some() {
        let green = Counts { passed: 5, failed: 0, ignored: 0 };
        assert_eq!(totals(&[outcome(Stage::Native, green, None)]), "5 passed, 0 failed");
        let ignored = Counts { ignored: 2, ..green };
        assert_eq!(totals(&[outcome(Stage::Native, ignored, None)]), "5 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn a_stage_that_broke_before_a_test_ran_counts_as_one_failure() {
        let none = Counts::default();
        let two = Counts { passed: 1, failed: 2, ignored: 0 };
        let outcomes =
            [outcome(Stage::Lint, none, Some("clippy")), outcome(Stage::Native, two, Some("tests failed"))];
        assert_eq!(totals(&outcomes), "1 passed, 3 failed");
    }

    #[test]
    fn the_table_has_a_line_for_each_stage() {
        let counts = Counts { passed: 5, failed: 0, ignored: 1 };
        let table =
            table(&[outcome(Stage::Lint, Counts::default(), None), outcome(Stage::E2e, counts, Some("why"))]);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["stage", "passed", "failed", "skipped", "seconds"]);
        assert_eq!(lines[1][..5], ["lint", "-", "-", "-", "1.5"]);
        assert_eq!(lines[2][..5], ["e2e", "5", "0", "1", "1.5"]);
        assert!(table.contains("FAILED: why"), "{table}");
    }
}
