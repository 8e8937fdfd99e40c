//! `cargo xtask bench`: builds all that is compared, tells its bytes, and has the benchmark measure it in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::browser::Browser;
use crate::cli::{Bench, Engine};
use crate::node;
use crate::run::{self, Project};
use crate::site;
use crate::size::{self, Bytes};
use crate::tools::{self, WASM};
use crate::weigh::{self, Weight};

/// The folder of the pages, with the packages from npm.
const PAGES: &str = "bench/page";

/// The contenders' scripts.
const SCRIPTS: [&str; 8] = ["plain", "gloo", "floor", "sdk", "sdk-alone", "ours", "intercepted", "views"];

/// The modules of the contenders in wasm; the empty one is there to be subtracted.
const MODULES: [&str; 5] = ["ours", "intercepted", "gloo", "views", "empty"];

/// What interception does in JavaScript, as it is delivered.
const SNIPPET: &str = "crates/web/src/intercept/page.js";

/// How many functions are told of.
const HEAVIEST: usize = 40;

pub(crate) fn bench(project: &Project, what: &Bench) -> Result<()> {
    node::install(project, &[PAGES])?;
    tools::wasm_target(project)?;
    let bin = tools::wasm_bindgen(project)?;
    let home = project.target.join("bench");
    let site = home.join("site");
    site::clear(&home)?;
    pages(project, &site)?;

    run::heading("bench: building what is compared");
    for name in MODULES {
        module(project, &bin, &format!("bench-{name}"), &[], &site.join("wasm"), name)?;
    }
    let app = home.join("app");
    module(project, &bin, "bench-app", &["--no-default-features"], &app, "without")?;
    module(project, &bin, "bench-app", &[], &app, "with")?;
    let sizes = sizes(project, &site, &app)?;
    for (name, bytes) in &sizes {
        run::say(&format!("    {name:<60}{:>10}{:>10}{:>10}", bytes.raw, bytes.gzip, bytes.brotli));
    }
    let crates = crates(&app)?;
    for (name, bytes) in &crates {
        run::say(&format!("    {name:<60}{bytes:>10}"));
    }
    for (name, bytes) in modules(&app)? {
        run::say(&format!("    {name:<60}{bytes:>10}"));
    }
    for (name, Weight { bytes, copies }) in functions(&app)? {
        run::say(&format!("    {bytes:>7} in {copies:>3} more  {name}"));
    }
    let file = home.join("sizes.json");
    fs::write(&file, to_json(&sizes, &crates)).with_context(|| format!("writing {}", file.display()))?;
    if what.only == ["bytes"] {
        return Ok(());
    }
    measure(project, what, &site, &file)
}

fn measure(project: &Project, what: &Bench, site: &Path, sizes: &Path) -> Result<()> {
    let browser = Browser::find(project, Engine::Chromium)?;
    run::heading("bench: measuring");
    let out = if what.record { project.root.join("docs") } else { project.target.join("bench") };
    let mut cargo =
        project.cargo(["run", "--quiet", "--package", "bench", "--profile", "bench-server", "--"]);
    cargo.arg("--site").arg(site).arg("--sizes").arg(sizes).arg("--out").arg(out);
    if let Some(rounds) = what.rounds {
        cargo.args(["--rounds", &rounds.to_string()]);
    }
    if what.quick {
        cargo.arg("--quick");
    }
    for name in &what.only {
        cargo.args(["--only", name]);
    }
    run::check(&mut browser.for_the_benchmark(cargo))
}

/// Bundles the scripts, as small as an app would deliver them.
fn pages(project: &Project, site: &Path) -> Result<()> {
    let folder = project.root.join(PAGES);
    let mut esbuild = project.command(folder.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(&folder).arg("page.js").args(SCRIPTS.map(|name| format!("contenders/{name}.js")));
    esbuild.args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--external:/wasm/*",
        "--log-level=warning",
        "--outbase=.",
    ]);
    esbuild.arg(format!("--outdir={}", site.display()));
    run::check(&mut esbuild)?;
    fs::copy(folder.join("index.html"), site.join("index.html")).context("copying the page")?;
    Ok(())
}

/// Each package is built by itself: features that another one asks for would change its bytes.
fn module(
    project: &Project,
    bin: &Path,
    package: &str,
    args: &[&str],
    folder: &Path,
    name: &str,
) -> Result<()> {
    let mut cargo = project.cargo(["build", "--release", "--target", WASM, "--package", package]);
    run::check(cargo.args(args))?;
    let wasm = project.target.join(WASM).join("release");
    // A library's file has underscores, a program's has not.
    let files = [package.to_owned(), package.replace('-', "_")].map(|name| wasm.join(name + ".wasm"));
    let file =
        files.iter().find(|file| file.is_file()).with_context(|| format!("{package} has left no wasm"))?;
    site::bind(project, bin, file, folder, name, true)?;
    let named = folder.join("named");
    let mut bind = project.command(bin.join("wasm-bindgen"));
    bind.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]).arg(named).arg(file);
    run::check(&mut bind)
}

/// What the session adds to the app's module, in bytes before compression: crates by weight, those of a kB or more.
fn crates(app: &Path) -> Result<Vec<(String, i64)>> {
    let (mut with, without) =
        (weigh::by_crate(&named(app, "with")?)?, weigh::by_crate(&named(app, "without")?)?);
    for (name, bytes) in without {
        *with.entry(name).or_default() -= bytes;
    }
    let mut crates: Vec<_> = with.into_iter().filter(|(_, bytes)| bytes.abs() >= 1000).collect();
    crates.sort_by_key(|(_, bytes)| -bytes);
    Ok(crates)
}

/// The modules of this project that weigh a kB or more.
fn modules(app: &Path) -> Result<Vec<(String, i64)>> {
    let modules = weigh::by_module(&named(app, "with")?)?;
    let mut modules: Vec<_> = modules.into_iter().filter(|(_, bytes)| *bytes >= 1000).collect();
    modules.sort_by_key(|(_, bytes)| -bytes);
    Ok(modules)
}

/// The functions by which the session adds most to the app's code, and how many copies more there are of each.
fn functions(app: &Path) -> Result<Vec<(String, Weight)>> {
    let (mut with, without) =
        (weigh::by_function(&named(app, "with")?)?, weigh::by_function(&named(app, "without")?)?);
    for (name, weight) in without {
        let more = with.entry(name).or_default();
        more.bytes -= weight.bytes;
        more.copies -= weight.copies;
    }
    let mut functions: Vec<_> = with.into_iter().collect();
    functions.sort_by_key(|(_, weight)| -weight.bytes);
    functions.truncate(HEAVIEST);
    Ok(functions)
}

/// A module that has kept its names.
fn named(app: &Path, name: &str) -> Result<Vec<u8>> {
    let file = app.join(format!("named/{name}_bg.wasm"));
    fs::read(&file).with_context(|| format!("reading {}", file.display()))
}

fn sizes(project: &Project, site: &Path, app: &Path) -> Result<Vec<(&'static str, Bytes)>> {
    let script = |name: &str| vec![site.join(format!("contenders/{name}.js"))];
    let module = |folder: PathBuf, name: &str| {
        vec![folder.join(format!("{name}_bg.wasm")), folder.join(format!("{name}.js"))]
    };
    let wasm = |name| size::of(&module(site.join("wasm"), name));
    let (with, without) =
        (size::of(&module(app.to_owned(), "with"))?, size::of(&module(app.to_owned(), "without"))?);
    let snippet = project.root.join(SNIPPET);
    let mut intercepted = module(site.join("wasm"), "intercepted");
    intercepted.push(snippet.clone());
    Ok(vec![
        ("a Leptos app of two routes, with gloo-net", without),
        ("the same with the session", with),
        ("**what the session adds to a Leptos app**", with - without),
        ("the client alone, less an empty module", wasm("ours")? - wasm("empty")?),
        ("interception, beside the client alone", size::of(&intercepted)? - wasm("ours")?),
        ("of that, its script", size::of(&[snippet])?),
        ("gloo-net alone, less an empty module", wasm("gloo")? - wasm("empty")?),
        ("supertokens-website", size::of(&script("sdk-alone"))?),
        ("the floor", size::of(&script("floor"))?),
        ("plain fetch", size::of(&script("plain"))?),
    ])
}

fn to_json(sizes: &[(&str, Bytes)], crates: &[(String, i64)]) -> String {
    let one = |(name, bytes): &(&str, Bytes)| json!({ "name": name, "raw": bytes.raw, "gzip": bytes.gzip, "brotli": bytes.brotli });
    let sizes: Vec<_> = sizes.iter().map(one).collect();
    json!({ "sizes": sizes, "crates": crates }).to_string()
}
