//! Serves the example app with the example API.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::process::parent_id;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cli::Demo;
use crate::run::{self, BOLD, Project};
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
    backend.args(["--seed-demo-users", "--generation", &options.generation]).args(api.clone());

    // A second process: the backend takes the place of this one, so that a kill of xtask ends the backend.
    let mut announcer = project.command(std::env::current_exe().context("finding xtask itself")?);
    announcer.args(["announce", "--port", &options.port.to_string()]).args(api);
    announcer.args(options.open.then_some("--open")).stdin(Stdio::null());
    announcer.spawn().context("starting xtask a second time")?;
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut backend)).context("starting the example API");
    #[cfg(not(unix))]
    run::check(&mut backend)
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

/// Waits until the backend responds and prints how to use it; prints nothing if the backend ends or never responds.
pub(crate) fn announce(options: &Demo) -> Result<()> {
    let (start, parent) = (Instant::now(), parent_id());
    while TcpStream::connect_timeout(&address(options.port), Duration::from_secs(1)).is_err() {
        if start.elapsed() > Duration::from_secs(30) || parent_id() != parent {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    let url = format!("http://{}", address(options.port));
    run::say(&format!("\n{}", run::paint(BOLD, &format!("Open {url}"))));
    match &options.api {
        Some(api) => run::say(&format!("The app talks to the API at {api}.")),
        None => run::say("Sign in as user@example.com or admin@example.com, password Passw0rd!"),
    }
    run::say("Ctrl-C ends it.\n");
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if options.open && !Command::new(opener).arg(&url).status().is_ok_and(|status| status.success()) {
        run::say("No browser could be opened.");
    }
    Ok(())
}

#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
