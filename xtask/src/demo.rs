//! Serves an example app with the example API.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cli::Demo;
use crate::run::{self, Project};
use crate::site::{self, App};

pub(crate) fn demo(project: &Project, options: &Demo) -> Result<()> {
    if options.ssr { rendered(project, options) } else { in_browser(project, options) }
}

/// The app that runs in the browser, which the example API serves.
fn in_browser(project: &Project, options: &Demo) -> Result<()> {
    // Before the builds, which take minutes.
    check_port(options.port)?;
    let site = site::build(project, &App::of(options.ui), options.release)?;

    run::heading("demo: building the example API");
    run::check(&mut project.cargo(["build", "--package", "backend"]))?;
    check_port(options.port)?;

    run::heading("demo: starting the example API");
    let api = options.api.iter().flat_map(|api| ["--api", api]);
    let mut backend = project.command(project.target.join("debug").join("backend"));
    backend.arg("--address").arg(address(options.port).to_string()).arg("--dist").arg(site);
    backend.args(["--seed-demo-users", "--generation", &options.generation]).args(api);

    if options.open {
        open_soon(&format!("http://{}", address(options.port)))?;
    }
    become_program(&mut backend).context("starting the example API")
}

/// The app that a server renders. Its server and the API are on one host, so both get the session's cookies.
fn rendered(project: &Project, options: &Demo) -> Result<()> {
    let api_port = options.port.saturating_add(1);
    let ports = if options.api.is_some() { vec![options.port] } else { vec![options.port, api_port] };
    let check_ports = || ports.iter().try_for_each(|port| check_port(*port));
    check_ports()?;
    let (shop, site) = site::shop(project, options.release)?;
    let mut server = match &options.api {
        Some(_) => project.command(shop),
        None => {
            run::heading("demo: building the example API");
            run::check(&mut project.cargo(["build", "--package", "backend"]))?;
            let mut both = project.command("sh");
            both.args(["-c", BOTH]).arg(shop).arg(project.target.join("debug").join("backend"));
            both.arg("--address").arg(address(api_port).to_string()).arg("--seed-demo-users");
            both
        }
    };
    check_ports()?;

    run::heading("demo: starting the server of examples/ssr");
    let example_api = format!("http://localhost:{api_port}");
    server.env("API_DOMAIN", options.api.as_ref().unwrap_or(&example_api));
    server.env("LEPTOS_OUTPUT_NAME", site::SHOP).env("LEPTOS_SITE_ROOT", site);
    server.env("LEPTOS_SITE_ADDR", address(options.port).to_string());
    if options.open {
        open_soon(&format!("http://localhost:{}", options.port))?;
    }
    become_program(&mut server).context("starting the server of examples/ssr")
}

/// Starts the example API, then the server of the pages, and ends both with that server or this process.
const BOTH: &str =
    "\"$@\" & api=$!; \"$0\" & page=$!; trap 'kill $api $page' EXIT; trap exit INT TERM; wait $page";

/// The program takes the place of this process, so that a kill of xtask ends the program.
fn become_program(program: &mut Command) -> Result<()> {
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(program).into());
    #[cfg(not(unix))]
    run::check(program)
}

/// Opens the browser after a second, when the backend responds.
fn open_soon(url: &str) -> Result<()> {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut shell = Command::new("sh");
    shell.args(["-c", "sleep 1; \"$0\" \"$1\" || echo No browser could be opened.", opener, url]);
    shell.stdin(Stdio::null()).spawn().context("opening the browser")?;
    Ok(())
}

fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind(address(port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = port.checked_add(1).unwrap_or(3000);
            bail!("port {port} is already in use; choose another: cargo xtask demo --port {other}")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}
