//! Checks that the tests and paths that documents name exist, and that each row of `docs/protocol.md` and
//! `docs/guards.md` names a test.

use std::path::{Path, PathBuf};

use fs_err as fs;

const PROTOCOL: &str = include_str!("../../docs/protocol.md");
const GUARDS: &str = include_str!("../../docs/guards.md");

/// The folders with tests that run in a browser.
const BROWSER_TESTS: [&str; 4] =
    ["tests/e2e/tests/stories", "tests/browser", "tests/cases/src", "crates/web/tests"];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The parts of a text between backquotes.
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
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/._-*".contains(c);
        name.chars().all(is_allowed) && name.contains('/') && !name.starts_with('/')
    };
    quoted(text).filter(is_path)
}

/// Whether a file has this test: a function, or in JavaScript a title.
fn has_test(path: &str, test: &str) -> bool {
    if let Some(module) = path.strip_prefix("tests/cases/src/") {
        return is_case(module.trim_end_matches(".rs"), test);
    }
    let Ok(source) = fs::read_to_string(root().join(path)) else { return false };
    if path.ends_with(".rs") { is_test(&source, test) } else { source.contains(&format!("it(\"{test}\"")) }
}

/// Whether the cases that the layers share have this one. A case that is listed exists, since it compiles.
fn is_case(module: &str, test: &str) -> bool {
    let list = include_str!("../../tests/cases/src/lib.rs").rsplit("cases! {").next().unwrap_or_default();
    let its = list.split_once(&format!(" {module} {{")).and_then(|(_, rest)| rest.split('}').next());
    its.is_some_and(|its| its.split_whitespace().any(|name| name == test))
}

/// Whether this function has the attribute of a test, or is listed in a macro that makes tests.
fn is_test(source: &str, name: &str) -> bool {
    let is_head = |line: &str| {
        let line = line.trim_start_matches("pub ").trim_start_matches("async ");
        line.starts_with(&format!("fn {name}("))
    };
    // `#[test]`, `#[tokio::test(…)]` and `#[wasm_bindgen_test]`, but not `#[cfg(test)]`.
    let is_attribute = |line: &str| {
        let attribute = line.strip_prefix("#[").and_then(|rest| rest.split(['(', ']']).next());
        attribute.is_some_and(|attribute| attribute.ends_with("test"))
    };
    let is_listed = source.lines().any(|line| line.trim() == name);
    let mut has_attribute = false;
    source.lines().map(str::trim).any(|line| {
        let is_between = line.starts_with("#[") || line.starts_with("//");
        let is_test = is_head(line) && (is_listed || has_attribute);
        has_attribute = is_attribute(line) || has_attribute && is_between;
        is_test
    })
}

/// Whether a browser runs a test whose name has this beginning. `module::` in front of the name is its file.
pub(crate) fn is_browser_test(beginning: &str) -> bool {
    let (module, test) = beginning.split_once("::").unwrap_or(("", beginning));
    let files = BROWSER_TESTS.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    files.map(|file| file.unwrap().path()).filter(|file| file.is_file()).any(|file| {
        let is_module = module.is_empty() || file.file_stem().is_some_and(|stem| stem == module);
        is_module && fs::read_to_string(&file).unwrap().contains(&format!("fn {test}"))
    })
}

/// The tests, files and folders that a text names and that do not exist.
fn missing(text: &str) -> Vec<String> {
    let tests = tests(text).filter(|(path, test)| !has_test(path, test));
    let paths = paths(text).filter(|path| !root().join(path).exists());
    tests.map(|(path, test)| format!("{path}::{test}")).chain(paths.map(str::to_owned)).collect()
}

/// The rows of tables that name no test and do not say why.
fn unproven(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let is_unproven = |line: &&str| {
        let shown_by = line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        tests(shown_by).next().is_none()
            && !shown_by.starts_with("not yet")
            && !shown_by.starts_with("left out")
    };
    rows.filter(|line| !line.contains("Shown by")).filter(is_unproven).collect()
}

#[test]
fn tests_and_paths_that_the_tables_name_exist() {
    for (table, at_least) in [(PROTOCOL, 100), (GUARDS, 60)] {
        assert!(tests(table).count() > at_least, "the table was not understood");
        assert_eq!(missing(table), [""; 0]);
    }
}

#[test]
fn rows_of_the_tables_name_a_test_or_say_why_not() {
    assert_eq!(unproven(PROTOCOL), [""; 0]);
    assert_eq!(unproven(GUARDS), [""; 0]);
}

#[test]
fn the_protocol_table_names_every_deliberate_bug() {
    let is_missing = |name: &&str| !quoted(PROTOCOL).any(|quoted| quoted == *name);
    assert_eq!(crate::bugs::names().filter(is_missing).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn missing_tests_and_paths_are_found() {
    let this = "xtask/src/docs.rs";
    let existing =
        format!("`{this}::missing_tests_and_paths_are_found`, `{this}`, `xtask/src` and `Kind::Other`");
    assert_eq!(missing(&existing), [""; 0]);
    for name in ["xtask/src/docs.rs::missing", "xtask/src/nowhere.rs::x", "xtask/src/*.rs", "nowhere/at-all"]
    {
        assert_eq!(missing(&format!("`{name}`")), [name]);
    }
    assert_eq!(missing("`/auth`, `path=/` and `POST {apiDomain}/signout`"), [""; 0]);
    assert!(is_browser_test("sign_in::") && !is_browser_test("sign_in::a_test"));
}

#[test]
fn functions_that_are_no_tests_are_found() {
    let source = "with_both! {\nlisted\n}\nasync fn listed(setting: Setting) {}\n\
        #[wasm_bindgen_test]\n#[should_panic]\n// Why.\npub async fn attributed() {}\n\
        fn helper() {}\n#[cfg(test)]\nfn compiled() {}\n// fn commented() {}\nlisted_alone\n";
    let names = ["listed", "attributed", "helper", "compiled", "commented", "listed_alone", "list"];
    assert_eq!(names.map(|name| is_test(source, name)), [true, true, false, false, false, false, false]);
}

#[test]
fn rows_without_a_test_are_found() {
    let complete = "| What holds | Shown by |\n|---|---|\n| a `b/c.rs::d` | `x/y.rs::z` |\n| a | not yet |\n\
        | a | b | left out: why |";
    assert_eq!(unproven(complete), [""; 0]);
    let rows = [
        "| a | left out | soon |",
        "| a `b/c.rs::d` | soon |",
        "| a | `x/y.rs` |",
        "| a | `K::Other` |",
        "| a |  |",
    ];
    assert_eq!(unproven(&rows.join("\n")), rows);
}
