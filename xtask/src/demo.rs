//! Serves the example app with the example API.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cli::Demo;
use crate::run::{self, Project};
use crate::site;

pub(crate) fn demo(project: &Project, options: &Demo) -> Result<()> {
    // Before the builds, which take minutes.
    check_port(options.port)?;
    let site = site::build(project, &site::SPA, options.release)?;

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
    // The backend takes the place of this process, so that a kill of xtask ends the backend.
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut backend)).context("starting the example API");
    #[cfg(not(unix))]
    run::check(&mut backend)
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
