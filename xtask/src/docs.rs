//! `docs/protocol.md` names tests that exist, and no line goes without one unless it says so.

use std::{
    fs,
    path::{Path, PathBuf},
};

const TABLE: &str = "docs/protocol.md";
/// A line whose second cell begins so may do without a test.
const NOT_YET: &str = "not yet";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn table() -> String {
    fs::read_to_string(root().join(TABLE)).unwrap()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Path and test of each `path::test`.
fn tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    quoted(text).filter_map(|name| name.split_once("::")).filter(|(path, _)| path.contains('/'))
}

fn is_a_file_with_tests(name: &str) -> bool {
    name.contains('/') && (name.ends_with(".rs") || name.ends_with(".mjs"))
}

/// Whether a source holds that test: a function, or in JavaScript a title.
fn holds(path: &str, source: &str, test: &str) -> bool {
    if path.ends_with(".rs") {
        source.contains(&format!("fn {test}("))
    } else {
        source.contains(&format!("it(\"{test}\""))
    }
}

/// The tests that are named and not there.
fn missing(text: &str) -> Vec<String> {
    let is_missing = |(path, test): &(&str, &str)| match fs::read_to_string(root().join(path)) {
        Ok(source) => !holds(path, &source, test),
        Err(_) => true,
    };
    tests(text).filter(is_missing).map(|(path, test)| format!("{path}::{test}")).collect()
}

/// The lines that name no test, nor say that they have none yet.
fn unproven(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let is_unproven = |line: &&str| {
        let shown_by = line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        let names_a_test = tests(shown_by).next().is_some() || quoted(shown_by).any(is_a_file_with_tests);
        !names_a_test && !shown_by.starts_with(NOT_YET)
    };
    rows.filter(|line| !line.contains("Shown by")).filter(is_unproven).collect()
}

#[test]
fn every_test_that_the_table_names_is_there() {
    let table = table();
    assert!(tests(&table).count() > 100, "the table was not understood");
    assert_eq!(missing(&table), [""; 0]);
}

#[test]
fn every_line_of_the_table_names_a_test_or_says_that_there_is_none_yet() {
    assert_eq!(unproven(&table()), [""; 0]);
}

#[test]
fn a_test_that_is_gone_is_found() {
    let this = "xtask/src/docs.rs";
    assert_eq!(missing(&format!("`{this}::a_test_that_is_gone_is_found` and `Kind::Other`")), [""; 0]);
    for gone in ["a_test", "nobody_wrote_this"] {
        assert_eq!(missing(&format!("x `{this}::{gone}`")), [format!("{this}::{gone}")]);
    }
    assert_eq!(missing("`xtask/src/nowhere.rs::x`"), ["xtask/src/nowhere.rs::x"]);
}

#[test]
fn a_line_without_a_test_is_found() {
    for (line, is_unproven) in [
        ("| What holds | Shown by |", false),
        ("|---|---|", false),
        ("| a `b/c.rs::d` | `x/y.rs::z` |", false),
        ("| a | `x/y.rs` |", false),
        ("| a | not yet |", false),
        ("| a `b/c.rs::d` | soon |", true),
        ("| a | `Kind::Other` |", true),
        ("| a |  |", true),
    ] {
        assert_eq!(!unproven(line).is_empty(), is_unproven, "{line}");
    }
}
