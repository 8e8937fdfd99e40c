//! The suite of clients: its page, and the table of its results.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;

use crate::files;
use crate::node;
use crate::report::{self, Verdict};
use crate::run::{self, Project};
use crate::site;

/// How the names of axios's tests begin.
pub(crate) const AXIOS: &str = "axios::";

/// The columns, in the order of `docs/clients.md`.
const CLIENTS: [(&str, &str); 6] = [
    ("axios", "axios"),
    ("fetch", "fetch"),
    ("request", "fetch(Request)"),
    ("gloo_net", "gloo-net"),
    ("reqwest", "reqwest"),
    ("xhr", "XMLHttpRequest"),
];

/// Builds the page, with axios if npm can get it. The site's folder, and whether it has axios.
pub(crate) fn site(project: &Project) -> Result<(PathBuf, bool)> {
    let has_axios = node::npm().is_some();
    if has_axios {
        node::install(project, &[FOLDER])?;
    } else {
        run::say("    npm not found: the cases of axios are skipped");
    }
    let site = site::build(project, &site::CLIENTS, false)?;
    if has_axios {
        let bundle = project.root.join(FOLDER).join("node_modules/axios/dist/esm/axios.min.js");
        files::copy(&bundle, &site.join("axios.js"))?;
    }
    // The same module at other URLs, as on a page with two apps that each bring this library.
    for name in ["app.js", "app_bg.wasm", "snippets"] {
        files::copy(&site.join(name), &site.join("second").join(name))?;
    }
    Ok((site, has_axios))
}

const FOLDER: &str = "tests/clients";

/// A row for each case and a column for each client, in Markdown.
pub(crate) fn table(results: &[(String, Verdict)]) -> String {
    let is_client = |of: &str| CLIENTS.iter().any(|(client, _)| *client == of);
    let names = results.iter().filter_map(|(name, _)| name.split_once("::"));
    let cases: BTreeSet<&str> = names.filter(|(of, _)| is_client(of)).map(|(_, case)| case).collect();
    let cells = |case: &str| CLIENTS.map(|(client, _)| cell(results, client, case).to_owned()).to_vec();
    let rows = cases.into_iter().map(|case| (case.replace('_', " "), cells(case)));
    let mut table = report::markdown(&CLIENTS.map(|(_, head)| head), rows);
    if !results.is_empty() && !results.iter().any(|(name, _)| name.starts_with(AXIOS)) {
        table.push_str("\naxios is skipped: npm not found.\n");
    }
    table
}

fn cell(results: &[(String, Verdict)], client: &str, case: &str) -> &'static str {
    let its = |(name, _): &&(String, Verdict)| name.split_once("::") == Some((client, case));
    let has_run = || results.iter().any(|(name, _)| name.split("::").next() == Some(client));
    match results.iter().find(its) {
        Some((_, Verdict::Passed)) => "ok",
        Some((_, Verdict::Failed)) => "**FAILED**",
        Some((_, Verdict::Skipped)) => "skipped",
        None if case == "an_upload_with_progress" && has_run() => "no progress in this client",
        None => "not run",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_cell_for_each_case() {
        let results = [
            ("axios::an_abort", Verdict::Passed),
            ("axios::an_upload_with_progress", Verdict::Passed),
            ("fetch::an_abort", Verdict::Failed),
            ("xhr::an_upload_with_progress", Verdict::Skipped),
            ("two_modules::something_else", Verdict::Passed),
        ];
        let results = results.map(|(name, verdict)| (name.to_owned(), verdict));
        let table = table(&results);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines[0], "| | axios | fetch | fetch(Request) | gloo-net | reqwest | XMLHttpRequest |");
        assert_eq!(lines[2], "| an abort | ok | **FAILED** | not run | not run | not run | not run |");
        let cells = "ok | no progress in this client | not run | not run | not run | skipped";
        assert_eq!(lines[3..], [format!("| an upload with progress | {cells} |")]);
        assert!(super::table(&results[2..]).contains("axios is skipped"));
    }

    #[test]
    fn the_docs_have_a_row_for_each_case() {
        let docs = include_str!("../../docs/clients.md");
        let cases = include_str!("../../tests/e2e/tests/clients/cases.rs").split("pub async fn ").skip(1);
        let cases: Vec<_> = cases.filter_map(|rest| rest.split('(').next()).collect();
        assert!(cases.len() > 10, "the cases were not understood");
        for case in cases {
            assert!(docs.contains(&format!("\n| {} |", case.replace('_', " "))), "{case}");
        }
    }
}
