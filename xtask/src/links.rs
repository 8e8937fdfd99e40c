//! Checks, without a network, that the links of documents lead somewhere.

use std::collections::HashMap;

use fs_err as fs;

use crate::docs::root;
use crate::files;
use crate::run::Project;

const GUIDE: &str = "docs/guide/src";

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The files below a folder whose path has this end, with their paths from the root.
fn files(folder: &str, end: &str) -> Vec<String> {
    let files = files::list(&Project::find().unwrap(), folder).unwrap();
    let mut found: Vec<_> = files.iter().filter_map(|file| file.to_str().map(str::to_owned)).collect();
    found.retain(|path| path.ends_with(end));
    found.sort();
    found
}

/// The READMEs that crates.io shows: those of the root package and of the packages in `crates`.
fn published() -> Vec<String> {
    let mut found = files("crates", "/README.md");
    found.push("README.md".to_owned());
    found
}

/// The addresses of the project's files on its main branch: pages, and the files themselves. The workspace's `Cargo.toml`
/// has the repository.
fn addresses_of_files() -> [String; 2] {
    let manifest = read("Cargo.toml");
    let line = manifest.lines().find_map(|line| line.strip_prefix("repository = \"")).unwrap();
    let repository = line.trim_end_matches('"');
    ["blob", "raw"].map(|kind| format!("{repository}/{kind}/main/"))
}

/// The text without blocks of code, and without the parts of lines between backquotes.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if !is_code && !is_fence {
            lines.push(line.split('`').step_by(2).collect::<Vec<_>>().join("`"));
        }
        is_code ^= is_fence;
    }
    lines.join("\n")
}

/// The targets of links and images: `[text](target)`.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let starts = prose.split("](").skip(1);
    starts.filter_map(|rest| rest.split([')', ' ', '\n']).next()).map(str::to_owned).collect()
}

/// The fragments of a document's headings, as GitHub and mdBook make them.
fn fragments(text: &str) -> Vec<String> {
    let mut fragments = Vec::new();
    let mut counts = HashMap::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if is_code || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let fragment: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let count = counts.entry(fragment.clone()).or_insert(0);
        fragments.push(if *count == 0 { fragment } else { format!("{fragment}-{count}") });
        *count += 1;
    }
    fragments
}

/// A path from the root, without `.` and `..`. `None` if it leaves the project.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file and the fragment that a link names. `None` if it leads to another site; no file if it leaves the project.
fn file_of(document: &str, target: &str, addresses: &[String]) -> Option<(Option<String>, String)> {
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let file = match addresses.iter().find_map(|address| path.strip_prefix(address.as_str())) {
        Some(path) => Some(path.to_owned()),
        None if path.contains("://") || path.starts_with("mailto:") => return None,
        None if path.is_empty() => Some(document.to_owned()),
        None => joined(document.rsplit_once('/').map_or("", |(folder, _)| folder), path),
    };
    Some((file, fragment.to_owned()))
}

/// The links of a document that lead nowhere.
fn broken(document: &str, text: &str, addresses: &[String]) -> Vec<String> {
    let is_broken = |target: &String| {
        let Some((file, fragment)) = file_of(document, target, addresses) else { return false };
        let Some(file) = file.filter(|file| root().join(file).exists()) else { return true };
        let has_heading = || file.ends_with(".md") && fragments(&read(&file)).contains(&fragment);
        !fragment.is_empty() && !has_heading()
    };
    targets(text).into_iter().filter(is_broken).collect()
}

/// The links of a document that work only beside its files.
fn relative(text: &str) -> Vec<String> {
    targets(text)
        .into_iter()
        .filter(|target| !target.starts_with("https://") && !target.starts_with('#'))
        .collect()
}

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    let addresses = addresses_of_files();
    let documents = files(".", ".md");
    assert!(documents.len() > 30, "the documents were not found: {documents:?}");
    let broken: Vec<_> = documents
        .iter()
        .flat_map(|document| {
            broken(document, &read(document), &addresses).into_iter().map(move |link| (document, link))
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn published_readmes_have_absolute_links_only() {
    for readme in published() {
        assert_eq!(relative(&read(&readme)), [""; 0], "{readme}");
    }
}

#[test]
fn links_within_the_guide_stay_within_its_folder() {
    for chapter in files(GUIDE, ".md") {
        let leaves = |target: &String| {
            file_of(&chapter, target, &[])
                .is_some_and(|(file, _)| file.is_none_or(|file| !file.starts_with(GUIDE)))
        };
        let leaving: Vec<_> = targets(&read(&chapter)).into_iter().filter(leaves).collect();
        assert_eq!(leaving, [""; 0], "{chapter}: mdBook serves no file outside of {GUIDE}");
    }
}

#[test]
fn the_summary_lists_each_chapter_once() {
    let mut listed = targets(&read(&format!("{GUIDE}/SUMMARY.md")));
    listed.sort();
    let chapters: Vec<_> = files(GUIDE, ".md")
        .iter()
        .filter_map(|path| path.strip_prefix(&format!("{GUIDE}/")).map(str::to_owned))
        .filter(|path| path != "SUMMARY.md")
        .collect();
    assert_eq!(listed, chapters);
}

#[test]
fn each_chapter_is_compiled() {
    let sources = [read("docs/guide/lib.rs"), read("tests/ssr/src/guide.rs")].concat();
    for chapter in files(GUIDE, ".md") {
        let (text, file) = (read(&chapter), chapter.rsplit('/').next().unwrap_or_default());
        let has_rust = text.lines().any(|line| line.starts_with("```rust"));
        assert!(!has_rust || sources.contains(&format!("src/{file}\")")), "{chapter} is included nowhere");
        assert!(!text.contains("rust,ignore"), "{chapter} has an example that nothing compiles");
    }
}

/// GitHub shows the lines that mdBook hides, and a reader would copy them.
#[test]
fn the_first_apps_are_shown_without_hidden_lines() {
    for chapter in ["client-rendered.md", "server-rendered.md", "yew.md"] {
        let text = read(&format!("{GUIDE}/{chapter}"));
        // The first line is the heading of the chapter.
        let hidden = text.lines().skip(1).find(|line| *line == "#" || line.starts_with("# "));
        assert_eq!(hidden, None, "{chapter}");
    }
}

#[test]
fn each_picture_of_the_guide_is_shown() {
    let shown: Vec<_> = files(GUIDE, ".md").iter().flat_map(|chapter| targets(&read(chapter))).collect();
    for picture in files(&format!("{GUIDE}/images"), ".png") {
        let is_shown = shown.iter().any(|target| format!("{GUIDE}/{target}") == picture);
        assert!(is_shown, "{picture} is shown nowhere");
    }
}

#[test]
fn the_readme_has_at_most_90_lines() {
    assert!(read("README.md").lines().count() <= 90);
}

#[test]
fn broken_links_are_found() {
    let addresses = addresses_of_files();
    let [pages, raw] = &addresses;
    let broken = |text: &str| broken("docs/size.md", text, &addresses);
    let working = format!(
        "[a](../README.md) [b](#what-is-added) [c](https://example.com/#nowhere) [d]({pages}SECURITY.md)\n\
         ```\n[code](nowhere.md)\n```\n`[code](nowhere.md)` ![e](screenshot.png) [f](size.md#the-limit \"title\")"
    );
    assert_eq!((targets(&working).len(), broken(&working)), (6, Vec::new()));
    let nowhere = [
        "nowhere.md".to_owned(),
        "size.md#nowhere".to_owned(),
        "#nowhere".to_owned(),
        "../../README.md".to_owned(),
        "screenshot.png#fragment".to_owned(),
        format!("{pages}nowhere.md"),
        format!("{pages}docs/size.md#nowhere"),
        format!("{raw}docs/nowhere.png"),
    ];
    for target in nowhere {
        assert_eq!(broken(&format!("[text]({target})")), [target]);
    }
}

#[test]
fn fragments_are_those_of_github() {
    let text = "# A title\n## Modules of `crates/session`\n### Pages: `RequestSession::page`\n## Same\n## Same\n## Same\n\
        ```sh\n# a comment\n```\n#no heading\n## 14. It's a server, that verifies";
    let expected = [
        "a-title",
        "modules-of-cratessession",
        "pages-requestsessionpage",
        "same",
        "same-1",
        "same-2",
        "14-its-a-server-that-verifies",
    ];
    assert_eq!(fragments(text), expected);
}

#[test]
fn relative_links_of_a_published_readme_are_found() {
    assert_eq!(
        relative("[a](docs/a.md) [b](https://example.com) [c](#c) ![d](d.png)"),
        ["docs/a.md", "d.png"]
    );
}
