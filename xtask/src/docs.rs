//! `docs/protocol.md` and `docs/guards.md` name tests and paths that exist, and no line goes without a test unless it
//! says so.

use std::{
    fs,
    path::{Path, PathBuf},
};

const PROTOCOL: &str = "docs/protocol.md";
const GUARDS: &str = "docs/guards.md";
/// A line whose last cell begins so may do without a test.
const WITHOUT_TEST: [&str; 2] = ["not yet", "left out"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Path and test of each `path::test`.
fn tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    quoted(text).filter_map(|name| name.split_once("::")).filter(|(path, _)| path.contains('/'))
}

/// Files and folders of the project, named without a test.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let is_path = |name: &&str| {
        let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-*".contains(c));
        fits && name.contains('/') && !name.starts_with('/')
    };
    quoted(text).filter(is_path)
}

/// Whether a source holds that test: a function, or in JavaScript a title.
fn holds(path: &str, source: &str, test: &str) -> bool {
    if path.ends_with(".rs") { is_test(source, test) } else { source.contains(&format!("it(\"{test}\"")) }
}

/// Whether that function is a test by an attribute of its own, or stands in the list of a macro that makes one of it.
fn is_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let head = format!("fn {name}(");
    let begins = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("async ").unwrap_or(line).starts_with(&head)
    };
    let has_attribute = |at: usize| {
        let above =
            lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        above.copied().any(is_test_attribute)
    };
    let is_listed = lines.contains(&name);
    (0..lines.len()).filter(|at| begins(lines[*at])).any(|at| is_listed || has_attribute(at))
}

/// `#[test]`, `#[tokio::test(…)]`, `#[wasm_bindgen_test]`; not `#[cfg(test)]`.
fn is_test_attribute(line: &str) -> bool {
    let name = line.strip_prefix("#[").and_then(|rest| rest.split(['(', ']']).next());
    name.is_some_and(|name| name.ends_with("test"))
}

/// Whether that source is there, and that test in it.
pub(crate) fn is_there(path: &str, test: &str) -> bool {
    fs::read_to_string(root().join(path)).is_ok_and(|source| holds(path, &source, test))
}

/// The tests, files and folders that are named and not there.
fn missing(text: &str) -> Vec<String> {
    let is_missing = |(path, test): &(&str, &str)| !is_there(path, test);
    let tests = tests(text).filter(is_missing).map(|(path, test)| format!("{path}::{test}"));
    tests.chain(paths(text).filter(|path| !root().join(path).exists()).map(str::to_owned)).collect()
}

/// The lines that name no test, nor say that they have none yet.
fn unproven(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let is_unproven = |line: &&str| {
        let shown_by = line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        tests(shown_by).next().is_none() && !WITHOUT_TEST.iter().any(|word| shown_by.starts_with(word))
    };
    rows.filter(|line| !line.contains("Shown by")).filter(is_unproven).collect()
}

#[test]
fn every_test_and_path_that_the_tables_name_is_there() {
    for (path, at_least) in [(PROTOCOL, 100), (GUARDS, 60)] {
        let table = read(path);
        assert!(tests(&table).count() > at_least, "{path} was not understood");
        assert_eq!(missing(&table), [""; 0], "{path}");
    }
}

#[test]
fn every_line_of_the_tables_names_a_test_or_says_why_not() {
    for path in [PROTOCOL, GUARDS] {
        assert_eq!(unproven(&read(path)), [""; 0], "{path}");
    }
}

#[test]
fn every_deliberate_bug_is_named() {
    let table = read(PROTOCOL);
    let names = include_str!("bugs.rs").split("name: \"").skip(1);
    let names: Vec<_> = names.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() >= 10, "the bugs were not understood");
    let missing: Vec<_> =
        names.iter().filter(|name| !quoted(&table).any(|quoted| quoted == **name)).collect();
    assert_eq!(missing, [&""; 0]);
}

#[test]
fn a_test_or_path_that_is_gone_is_found() {
    let this = "xtask/src/docs.rs";
    let there =
        format!("`{this}::a_test_or_path_that_is_gone_is_found`, `{this}`, `xtask/src` and `Kind::Other`");
    assert_eq!(missing(&there), [""; 0]);
    for gone in ["a_test", "nobody_wrote_this", "missing"] {
        assert_eq!(missing(&format!("x `{this}::{gone}`")), [format!("{this}::{gone}")]);
    }
    for gone in ["xtask/src/nowhere.rs::x", "xtask/src/nowhere.rs", "xtask/src/*.rs", "nowhere/at-all"] {
        assert_eq!(missing(&format!("`{gone}`")), [gone]);
    }
    assert_eq!(missing("`/auth`, `path=/` and `POST {apiDomain}/signout`"), [""; 0]);
}

#[test]
fn a_function_that_is_no_test_is_found() {
    let source = "
        with_both! {
            listed
        }
        async fn listed(setting: Setting) {}
        #[wasm_bindgen_test]
        #[should_panic]
        // Why.
        pub async fn attributed() {}
        fn helper() {}
        #[cfg(test)]
        fn compiled() {}
        // fn gone() {}
        listed_alone
    ";
    for (name, expected) in [
        ("listed", true),
        ("attributed", true),
        ("helper", false),
        ("compiled", false),
        ("gone", false),
        ("listed_alone", false),
        ("list", false),
    ] {
        assert_eq!(is_test(source, name), expected, "{name}");
    }
}

#[test]
fn a_line_without_a_test_is_found() {
    for (line, is_unproven) in [
        ("| What holds | Shown by |", false),
        ("|---|---|", false),
        ("| a `b/c.rs::d` | `x/y.rs::z` |", false),
        ("| a | not yet |", false),
        ("| a | b | left out: why |", false),
        ("| a | left out | soon |", true),
        ("| a `b/c.rs::d` | soon |", true),
        ("| a | `x/y.rs` |", true),
        ("| a | `Kind::Other` |", true),
        ("| a |  |", true),
    ] {
        assert_eq!(!unproven(line).is_empty(), is_unproven, "{line}");
    }
}
