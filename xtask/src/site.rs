//! Builds an example app into a folder that any web server can serve, without Trunk.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::cli::Ui;
use crate::files;
use crate::run::{self, Project};
use crate::size;
use crate::tools::{self, WASM};

/// In a file of its own, because a strict Content-Security-Policy forbids inline scripts.
const BOOT: &str = "import init from \"/app.js\";\n\ninit({ module_or_path: \"/app_bg.wasm\" });\n";

/// An app that can be built.
pub(crate) struct App {
    folder: &'static str,
    package: &'static str,
    /// Within the target folder.
    site: &'static str,
    /// What only debug builds have. A release build has to stay as small as recorded.
    debug_features: &'static [&'static str],
}

const DEVTOOLS: &[&str] = &["--features", "devtools"];

pub(crate) const SPA: App =
    App { folder: "examples/spa", package: "spa", site: "site", debug_features: DEVTOOLS };
pub(crate) const YEW: App =
    App { folder: "examples/yew", package: "spa-yew", site: "site-yew", debug_features: DEVTOOLS };
pub(crate) const NOTES: App =
    App { folder: "examples/server-fn", package: "notes", site: "site-notes", debug_features: &[] };
pub(crate) const CLIENTS: App =
    App { folder: "tests/clients", package: "clients", site: "site-clients", debug_features: &[] };

impl App {
    /// The example app in a framework.
    pub(crate) fn of(ui: Ui) -> Self {
        match ui {
            Ui::Leptos => SPA,
            Ui::Yew => YEW,
        }
    }
}

/// The style sheet and the icon of all example apps.
const SHARED: &str = "examples/shared";

/// The package of `examples/ssr`.
pub(crate) const SHOP: &str = "shop";

/// Builds the site and returns its folder.
pub(crate) fn build(project: &Project, app: &App, release: bool) -> Result<PathBuf> {
    // Before the build, so that a mistake in it shows at once.
    let page = TrunkPage::read(&project.root.join(app.folder))?;
    let bindgen = Bindgen::find(project)?;

    let profile = if release { "release" } else { "debug" };
    run::heading(format!("site: building {} ({profile})", app.folder));
    let mut cargo = project.cargo(["build", "--package", app.package, "--target", WASM]);
    run::check(cargo.args(if release { &["--release"] } else { app.debug_features }))?;

    let site = page.write_site(&bindgen, &wasm_of(project, app.package, profile), app.site, release)?;
    if release {
        size::say_table(&site)?;
    }
    Ok(site)
}

/// A page that is written for Trunk, changed to work without it.
pub(crate) struct TrunkPage {
    folder: PathBuf,
    html: String,
    /// To copy beside the page.
    files: Vec<String>,
}

impl TrunkPage {
    /// Reads the `index.html` of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let index = fs::read_to_string(folder.join("index.html"))?;
        let (html, files) =
            without_trunk(&index).with_context(|| format!("{}/index.html", folder.display()))?;
        let files = files.into_iter().map(str::to_owned).collect();
        Ok(Self { folder: folder.to_owned(), html, files })
    }

    /// Writes the page, its files and its module into a folder of the target folder.
    pub(crate) fn write_site(
        &self,
        bindgen: &Bindgen<'_>,
        wasm: &Path,
        site: &str,
        release: bool,
    ) -> Result<PathBuf> {
        replace(bindgen.project, site, |new| {
            bindgen.bind(wasm, new, "app", release)?;
            for (name, text) in [("boot.js", BOOT), ("index.html", &self.html)] {
                fs::write(new.join(name), text)?;
            }
            let public = self.folder.join("public");
            if public.is_dir() {
                files::copy(&public, new)?;
            }
            for file in self.files.iter().map(|file| self.folder.join(file)) {
                files::copy(&file, &new.join(file.file_name().unwrap_or_default()))?;
            }
            Ok(())
        })
    }
}

/// Builds the files that the server of `examples/ssr` serves, and returns their folder. `cargo leptos` makes the same ones.
pub(crate) fn shop_files(project: &Project, release: bool) -> Result<PathBuf> {
    let bindgen = Bindgen::find(project)?;
    let profile = if release { "release" } else { "debug" };
    run::heading(format!("site: building examples/ssr for the browser ({profile})"));
    let mut cargo =
        project.cargo(["build", "--package", SHOP, "--lib", "--features", "hydrate", "--target", WASM]);
    run::check(cargo.args(release.then_some("--release")))?;

    let wasm = wasm_of(project, SHOP, profile);
    replace(project, "site-shop", |new| {
        let shared = project.root.join(SHARED);
        bindgen.bind(&wasm, &new.join("pkg"), SHOP, release)?;
        files::copy(&shared.join("style.css"), &new.join("pkg").join("shop.css"))?;
        files::copy(&shared.join("public"), new)
    })
}

/// Builds the server of `examples/ssr` and its files. Returns the program, and the folder of the files.
pub(crate) fn shop(project: &Project, release: bool) -> Result<(PathBuf, PathBuf)> {
    let files = shop_files(project, release)?;
    run::heading("site: building the server of examples/ssr");
    let mut cargo = project.cargo(["build", "--package", SHOP, "--bin", SHOP, "--features", "ssr"]);
    run::check(cargo.args(release.then_some("--release")))?;
    Ok((project.target.join(if release { "release" } else { "debug" }).join(SHOP), files))
}

/// The module that rustc has built.
pub(crate) fn wasm_of(project: &Project, package: &str, profile: &str) -> PathBuf {
    project.target.join(WASM).join(profile).join(format!("{package}.wasm"))
}

/// Builds a site beside the old one and renames it then, so that a server never serves half of each.
pub(crate) fn replace(
    project: &Project,
    name: &str,
    fill: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let (site, new) = (project.target.join(name), project.target.join(format!("{name}.new")));
    files::clear(&new)?;
    fill(&new)?;
    files::clear(&site)?;
    fs::rename(&new, &site)?;
    run::say(&format!("    the site is in {}", site.display()));
    Ok(site)
}

/// The wasm-bindgen program.
pub(crate) struct Bindgen<'a> {
    pub(crate) project: &'a Project,
    folder: PathBuf,
}

impl<'a> Bindgen<'a> {
    pub(crate) fn find(project: &'a Project) -> Result<Self> {
        Ok(Self { project, folder: tools::wasm_bindgen(project)? })
    }

    /// Makes `{name}.js` and `{name}_bg.wasm` from what rustc has built.
    pub(crate) fn bind(&self, wasm: &Path, folder: &Path, name: &str, release: bool) -> Result<()> {
        let mut command = self.project.command(self.folder.join("wasm-bindgen"));
        command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]).arg(folder);
        if release {
            command.args(["--remove-name-section", "--remove-producers-section"]);
        }
        run::check(command.arg(wasm))
    }
}

/// Makes a page written for Trunk into one that needs no Trunk. The page, and the files to copy beside it.
fn without_trunk(index: &str) -> Result<(String, Vec<&str>)> {
    let (mut page, mut files) = (String::new(), Vec::new());
    for line in index.lines() {
        let tag = line.trim();
        if !tag.contains("data-trunk") {
            page.extend([line, "\n"]);
            continue;
        }
        let attribute = |name: &str| tag.split_once(&format!(" {name}=\""))?.1.split('"').next();
        let href = attribute("href").map(|href| (href, href.rsplit('/').next().unwrap_or(href)));
        let tag = match (attribute("rel"), href) {
            (Some("rust"), _) => "<script type=\"module\" src=\"/boot.js\"></script>\n".to_owned(),
            (Some("css"), Some((_, file))) => format!("<link rel=\"stylesheet\" href=\"/{file}\">\n"),
            (Some("icon"), Some((_, file))) => format!("<link rel=\"icon\" href=\"/{file}\">\n"),
            (Some("copy-file"), Some(_)) => String::new(),
            _ => bail!(
                "xtask knows data-trunk tags of rust, css, icon and copy-file on one line, but not {tag}"
            ),
        };
        if !tag.is_empty() {
            page.extend([&line[..line.len() - line.trim_start().len()], &tag]);
        }
        files.extend(href.map(|(href, _)| href));
    }
    Ok((page, files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_trunk_are_replaced() -> Result<()> {
        for index in
            [include_str!("../../examples/spa/index.html"), include_str!("../../examples/yew/index.html")]
        {
            let (page, files) = without_trunk(index)?;
            for tag in [
                "\n    <script type=\"module\" src=\"/boot.js\"></script>\n",
                "\n    <link rel=\"stylesheet\" href=\"/style.css\">\n",
                "\n    <link rel=\"icon\" href=\"/icon.svg\">\n",
            ] {
                assert!(page.contains(tag), "{tag} is not in {page}");
            }
            assert!(page.starts_with("<!doctype html>\n") && !page.contains("data-trunk"), "{page}");
            let shared = ["../shared/style.css", "../shared/public/icon.svg", "../shared/public/icon.svg"];
            assert_eq!(files, shared);
        }
        Ok(())
    }

    #[test]
    fn an_unknown_tag_is_an_error_that_names_it() {
        for tag in [r#"<link data-trunk rel="sass" href="a.scss"/>"#, r#"<link data-trunk rel="css"/>"#] {
            let error = without_trunk(tag).unwrap_err();
            assert!(error.to_string().ends_with(tag), "{error}");
        }
    }
}
