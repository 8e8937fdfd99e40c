//! `cargo xtask bench`: builds everything that is compared, prints its sizes, and runs the benchmark in a browser.

use std::path::Path;

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::json;

use crate::browser::Browser;
use crate::cli::{Bench, Engine};
use crate::files;
use crate::module_sizes::{Module, Size, crate_of, module_of, without_hashes};
use crate::node;
use crate::run::{self, Project};
use crate::site::Bindgen;
use crate::size::{self, Bytes};
use crate::tools::WASM;

/// The folder of the pages, with the packages from npm.
const PAGES: &str = "bench/page";

/// The contenders' scripts.
const SCRIPTS: [&str; 8] = ["plain", "gloo", "floor", "sdk", "sdk-alone", "ours", "intercepted", "views"];

/// The contenders' wasm modules; the empty one is subtracted from others.
const MODULES: [&str; 5] = ["ours", "intercepted", "gloo", "views", "empty"];

pub(crate) fn bench(project: &Project, options: &Bench) -> Result<()> {
    node::install(project, &[PAGES])?;
    let bindgen = Bindgen::find(project)?;
    let home = project.target.join("bench");
    let site = home.join("site");
    files::clear(&home)?;
    bundle_pages(project, &site)?;

    run::heading("bench: building what is compared");
    for name in MODULES {
        build_module(&bindgen, &format!("bench-{name}"), &[], &site.join("wasm"), name)?;
    }
    let app = home.join("app");
    build_module(&bindgen, "bench-app", &["--no-default-features"], &app, "without")?;
    build_module(&bindgen, "bench-app", &[], &app, "with")?;
    build_module(&bindgen, "bench-app", &["--features", "sign-in"], &app, "sign-in")?;
    let yew = home.join("yew");
    build_module(&bindgen, "bench-yew", &["--no-default-features"], &yew, "without")?;
    build_module(&bindgen, "bench-yew", &[], &yew, "with")?;

    let sizes = sizes(project, &site, [&app, &yew])?;
    for (name, Bytes { raw, gzip, brotli }) in &sizes {
        run::say(&format!("    {name:<60}{raw:>10}{gzip:>10}{brotli:>10}"));
    }
    let crates = say_module_sizes(&app)?;
    let file = home.join("sizes.json");
    let row = |(name, Bytes { raw, gzip, brotli })| json!({ "name": name, "raw": raw, "gzip": gzip, "brotli": brotli });
    let json = json!({ "sizes": sizes.map(row), "crates": crates });
    fs::write(&file, json.to_string())?;
    if options.only == ["bytes"] {
        return Ok(());
    }

    let browser = Browser::find(project, Engine::Chromium)?;
    run::heading("bench: measuring");
    let out = if options.record { project.root.join("docs") } else { home };
    let mut cargo =
        project.cargo(["run", "--quiet", "--package", "bench", "--profile", "bench-server", "--"]);
    cargo.arg("--site").arg(site).arg("--sizes").arg(file).arg("--out").arg(out);
    if let Some(rounds) = options.rounds {
        cargo.args(["--rounds", &rounds.to_string()]);
    }
    cargo.args(options.quick.then_some("--quick"));
    cargo.args(options.only.iter().flat_map(|group| ["--only", group]));
    browser.for_the_benchmark(&mut cargo);
    run::check(&mut cargo)
}

/// Bundles the scripts, as small as an app would deliver them.
fn bundle_pages(project: &Project, site: &Path) -> Result<()> {
    let folder = project.root.join(PAGES);
    let mut esbuild = project.command(folder.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(&folder).arg("page.js").args(SCRIPTS.map(|name| format!("contenders/{name}.js")));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--external:/wasm/*", "--log-level=warning"]);
    esbuild.arg("--outbase=.").arg(format!("--outdir={}", site.display()));
    run::check(&mut esbuild)?;
    fs::copy(folder.join("index.html"), site.join("index.html"))?;
    Ok(())
}

/// Builds one package alone: the features that another one turns on would change its size.
fn build_module(bindgen: &Bindgen, package: &str, args: &[&str], folder: &Path, name: &str) -> Result<()> {
    let project = bindgen.project;
    let mut cargo = project.cargo(["build", "--release", "--target", WASM, "--package", package]);
    run::check(cargo.args(args))?;
    let wasm = project.target.join(WASM).join("release");
    // The file of a library has underscores, that of a program hyphens.
    let files = [package.to_owned(), package.replace('-', "_")].map(|name| wasm.join(name + ".wasm"));
    let file =
        files.iter().find(|file| file.is_file()).with_context(|| format!("{package} has built no wasm"))?;
    bindgen.bind(file, folder, name, true)?;
    // Once more with the names of its functions.
    bindgen.bind(file, &folder.join("named"), name, false)
}

/// Prints what the session adds to the app's module, before compression. Returns the bytes by crate.
fn say_module_sizes(app: &Path) -> Result<Vec<(String, i64)>> {
    let read = |name| {
        let file = app.join(format!("named/{name}_bg.wasm"));
        Module::parse(&fs::read(&file)?)
    };
    let (with, without) = (read("with")?, read("without")?);

    let bytes = |sizes: Vec<(String, Size)>| sizes.into_iter().map(|(name, size)| (name, size.bytes));
    let mut crates: Vec<_> = bytes(with.difference(&without, |name| Some(crate_of(name)))).collect();
    crates.push(("(data)".to_owned(), with.data - without.data));
    crates.retain(|(_, bytes)| bytes.abs() >= 1000);
    crates.sort_by_key(|(_, bytes)| -bytes);
    let modules = bytes(with.difference(&without, module_of)).filter(|(_, bytes)| *bytes >= 1000);
    for (name, bytes) in crates.iter().cloned().chain(modules) {
        run::say(&format!("    {name:<60}{bytes:>10}"));
    }
    let functions = with.difference(&without, |name| Some(without_hashes(name)));
    for (name, Size { bytes, functions }) in functions.into_iter().take(40) {
        run::say(&format!("    {bytes:>7} in {functions:>3} more  {name}"));
    }
    Ok(crates)
}

fn sizes(project: &Project, site: &Path, [app, yew]: [&Path; 2]) -> Result<[(&'static str, Bytes); 14]> {
    let script = |name: &str| size::of(&[site.join(format!("contenders/{name}.js"))]);
    // Scripts of the library are delivered as they are.
    let library_script = |path: &str| project.root.join("crates/web/src").join(path);
    let module = |folder: &Path, name: &str, script: Option<&str>| {
        let mut files = vec![folder.join(format!("{name}_bg.wasm")), folder.join(format!("{name}.js"))];
        files.extend(script.map(library_script));
        size::of(&files)
    };
    let wasm = |name, script| module(&site.join("wasm"), name, script);
    let client_script = Some("browser.js");
    let both = |app| anyhow::Ok((module(app, "with", client_script)?, module(app, "without", None)?));
    let ((with, without), (yew_with, yew_without)) = (both(app)?, both(yew)?);
    let signing_in = module(app, "sign-in", client_script)?;
    let ours = wasm("ours", client_script)?;
    let snippet = size::of(&[library_script("intercept/page.js")])?;
    Ok([
        ("a Leptos app of two routes, with gloo-net", without),
        ("the same with the session", with),
        ("**what the session adds to a Leptos app**", with - without),
        ("a button that calls `email_password::sign_in`, beside it", signing_in - with),
        ("a Yew app of two routes, with gloo-net", yew_without),
        ("the same with the session", yew_with),
        ("**what the session adds to a Yew app**", yew_with - yew_without),
        ("the client alone, less an empty module", ours - wasm("empty", None)?),
        ("interception, beside the client alone", wasm("intercepted", client_script)? - (ours - snippet)),
        ("of that, its script", snippet),
        ("gloo-net alone, less an empty module", wasm("gloo", None)? - wasm("empty", None)?),
        ("supertokens-website", script("sdk-alone")?),
        ("the floor", script("floor")?),
        ("plain fetch", script("plain")?),
    ])
}
