//! Builds an example app into a folder that any web server can serve, without Trunk.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{self, Project};
use crate::size;
use crate::tools::{self, WASM};

/// In a file of its own, so that a Content-Security-Policy can forbid inline scripts.
const BOOT: &str = "import init from \"/app.js\";\n\ninit({ module_or_path: \"/app_bg.wasm\" });\n";

/// An app that can be built.
pub(crate) struct App {
    folder: &'static str,
    package: &'static str,
    /// Within the target folder.
    site: &'static str,
}

/// The example app.
pub(crate) const SPA: App = App { folder: "examples/spa", package: "spa", site: "site" };

/// The example of server functions.
pub(crate) const NOTES: App = App { folder: "examples/server-fn", package: "notes", site: "site-notes" };

/// The page of the suite of clients.
pub(crate) const CLIENTS: App = App { folder: "tests/clients", package: "clients", site: "site-clients" };

/// Builds the site and says where it is.
pub(crate) fn build(project: &Project, what: &App, release: bool) -> Result<PathBuf> {
    let app = project.root.join(what.folder);
    // Read first: what is wrong with it should not take a build to find out.
    let index = app.join("index.html");
    let index = fs::read_to_string(&index).with_context(|| format!("reading {}", index.display()))?;
    let page = Page::from_trunk(&index).with_context(|| format!("{}/index.html", what.folder))?;
    tools::wasm_target(project)?;
    let bin = tools::wasm_bindgen(project)?;

    let profile = if release { "release" } else { "debug" };
    run::heading(format!("site: building {} ({profile})", what.folder));
    let mut cargo = project.cargo(["build", "--package", what.package, "--target", WASM]);
    if release {
        cargo.arg("--release");
    }
    run::check(&mut cargo)?;

    // Made beside the old site and then put in its place, so that a server never serves half of each.
    let site = project.target.join(what.site);
    let new = project.target.join(format!("{}.new", what.site));
    clear(&new)?;
    let wasm = project.target.join(WASM).join(profile).join(format!("{}.wasm", what.package));
    bind(project, &bin, &wasm, &new, "app", release)?;
    write(&new.join("boot.js"), &BOOT)?;
    write(&new.join("index.html"), &page.html)?;
    let public = app.join("public");
    if public.is_dir() {
        copy(&public, &new)?;
    }
    for (from, to) in &page.copies {
        copy(&app.join(from), &new.join(to))?;
    }
    clear(&site)?;
    fs::rename(&new, &site).with_context(|| format!("moving the site to {}", site.display()))?;

    if release {
        run::say(&size::table(&site)?);
    }
    run::say(&format!("    the site is in {}", site.display()));
    Ok(site)
}

/// Makes `{name}.js` and `{name}_bg.wasm` of what rustc has built.
pub(crate) fn bind(
    project: &Project,
    bin: &Path,
    wasm: &Path,
    folder: &Path,
    name: &str,
    release: bool,
) -> Result<()> {
    let mut command = project.command(bin.join("wasm-bindgen"));
    command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]).arg(folder);
    if release {
        command.args(["--remove-name-section", "--remove-producers-section"]);
    }
    run::check(command.arg(wasm))?;

    if let Some(wasm_opt) = tools::wasm_opt(project).filter(|_| release) {
        let (bound, small) = (folder.join(format!("{name}_bg.wasm")), folder.join("small.wasm"));
        run::check(project.command(wasm_opt).arg("-Oz").arg(&bound).arg("-o").arg(&small))?;
        fs::rename(&small, &bound).context("replacing the module with the smaller one")?;
    }
    Ok(())
}

pub(crate) fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

fn write(file: &Path, text: &impl AsRef<[u8]>) -> Result<()> {
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

/// Copies a file, or a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let what = || format!("copying {} to {}", from.display(), to.display());
    if !from.is_dir() {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(what)?;
        }
        return fs::copy(from, to).map(drop).with_context(what);
    }
    fs::create_dir_all(to).with_context(what)?;
    for entry in fs::read_dir(from).with_context(what)? {
        let entry = entry.with_context(what)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// A page written for Trunk, made into one that needs no Trunk.
#[derive(Debug, PartialEq)]
struct Page {
    html: String,
    /// What to copy: from, relative to the page, and to, relative to the site.
    copies: Vec<(String, String)>,
}

impl Page {
    /// Replaces each line with a `data-trunk` tag; all other lines stay as they are.
    fn from_trunk(index: &str) -> Result<Self> {
        let mut page = Self { html: String::with_capacity(index.len()), copies: Vec::new() };
        for (number, line) in index.lines().enumerate() {
            if !line.contains("data-trunk") {
                page.push(line);
                continue;
            }
            let indent = &line[..line.len() - line.trim_start().len()];
            let tag = page.replace(line).with_context(|| format!("line {}: {}", number + 1, line.trim()))?;
            if let Some(tag) = tag {
                page.push(&format!("{indent}{tag}"));
            }
        }
        Ok(page)
    }

    fn push(&mut self, line: &str) {
        self.html.push_str(line);
        self.html.push('\n');
    }

    fn replace(&mut self, line: &str) -> Result<Option<String>> {
        if !line.trim().starts_with("<link") || !line.trim().ends_with('>') {
            bail!("xtask takes one whole <link data-trunk …/> a line");
        }
        let rel = attribute(line, "rel").context("no rel")?;
        if rel == "rust" {
            return Ok(Some("<script type=\"module\" src=\"/boot.js\"></script>".to_owned()));
        }
        let href = attribute(line, "href").context("no href")?;
        let file = href.trim_end_matches('/').rsplit('/').next().unwrap_or(href);
        let folder = attribute(line, "data-target-path").unwrap_or(".").trim_matches(['.', '/']);
        let to = match rel {
            // Trunk puts the content of a folder at the target path, and a file inside of it.
            "copy-dir" if attribute(line, "data-target-path").is_some() => folder.to_owned(),
            _ if folder.is_empty() => file.to_owned(),
            _ => format!("{folder}/{file}"),
        };
        let tag = match rel {
            "css" => Some(format!("<link rel=\"stylesheet\" href=\"/{to}\">")),
            "icon" => Some(format!("<link rel=\"icon\" href=\"/{to}\">")),
            "copy-dir" | "copy-file" => None,
            other => bail!("xtask knows rust, css, icon, copy-dir and copy-file, but not {other}"),
        };
        self.copies.push((href.to_owned(), to));
        Ok(tag)
    }
}

/// The quoted value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        rest = after;
        let Some(value) = after.strip_prefix('=') else { continue };
        if before.ends_with(char::is_whitespace) {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return value[1..].split(quote).next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Demo</title>
    <link data-trunk rel="rust" data-wasm-opt="0"/>
    <link data-trunk rel="css" href="style.css"/>
    <link data-trunk rel="icon" href="images/icon.svg"/>
    <link data-trunk rel="copy-file" href='robots.txt'/>
    <link data-trunk rel="copy-dir" href="images/"/>
    <link data-trunk rel="copy-dir" href="public" data-target-path="."/>
    <link rel="canonical" href="/">
  </head>
  <body></body>
</html>
"#;

    #[test]
    fn trunks_tags_are_replaced_and_the_rest_stays() -> Result<()> {
        let expected = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Demo</title>
    <script type="module" src="/boot.js"></script>
    <link rel="stylesheet" href="/style.css">
    <link rel="icon" href="/icon.svg">
    <link rel="canonical" href="/">
  </head>
  <body></body>
</html>
"#;
        assert_eq!(Page::from_trunk(INDEX)?.html, expected);
        Ok(())
    }

    #[test]
    fn files_go_where_trunk_would_put_them() -> Result<()> {
        let copies = Page::from_trunk(INDEX)?.copies;
        let copies: Vec<_> = copies.iter().map(|(from, to)| (&**from, &**to)).collect();
        let expected = [
            ("style.css", "style.css"),
            ("images/icon.svg", "icon.svg"),
            ("robots.txt", "robots.txt"),
            ("images/", "images"),
            ("public", ""),
        ];
        assert_eq!(copies, expected);
        Ok(())
    }

    #[test]
    fn the_page_needs_no_inline_script() -> Result<()> {
        let html = Page::from_trunk(INDEX)?.html;
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("src=\"/boot.js\"></script>"));
        assert!(!html.contains("data-trunk"));
        Ok(())
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        for tag in [
            r#"<link data-trunk rel="sass" href="a.scss"/>"#,
            r#"<link data-trunk rel="css"/>"#,
            r#"<link data-trunk href="a.css"/>"#,
            r#"<script data-trunk src="a.js"></script>"#,
            r#"<link data-trunk"#,
        ] {
            let page = Page::from_trunk(&format!("<head>\n{tag}\n"));
            let message = page.map_or_else(|error| format!("{error:#}"), |page| page.html);
            assert!(message.starts_with("line 2: "), "{message}");
        }
    }

    #[test]
    fn an_attribute_is_not_mistaken_for_another() {
        let tag = r#"<link data-trunk data-href="no" href='yes' rel="css">"#;
        assert_eq!(attribute(tag, "href"), Some("yes"));
        assert_eq!(attribute(tag, "rel"), Some("css"));
        assert_eq!(attribute(tag, "title"), None);
    }
}
