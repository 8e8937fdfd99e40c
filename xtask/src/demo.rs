//! Serves the example app with the example API.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cli::Demo;
use crate::run::{self, BOLD, Project};
use crate::site;

pub(crate) fn demo(project: &Project, options: &Demo) -> Result<()> {
    // Before the builds, so that nobody waits only to hear this.
    check_port(options.port)?;
    let site = site::build(project, &site::SPA, options.release)?;

    run::heading("demo: building the example API");
    run::check(&mut project.cargo(["build", "--package", "backend"]))?;
    check_port(options.port)?;

    let mut backend = project.command(project.target.join("debug").join("backend"));
    backend.arg("--address").arg(address(options.port).to_string()).arg("--dist").arg(site);
    backend.args(["--seed-demo-users", "--generation", &options.generation]);
    if let Some(api) = &options.api {
        backend.args(["--api", api]);
    }
    run::heading("demo: starting the example API");
    announcer(project, options)?;
    become_program(backend)
}

fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind(address(port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = if port < u16::MAX { port + 1 } else { 3000 };
            bail!("port {port} is already in use; choose another: cargo xtask demo --port {other}")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}

/// The backend takes the place of this process, so whatever ends xtask (Ctrl-C, a kill) ends the backend.
#[cfg(unix)]
fn become_program(mut program: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec()).context("cannot start the example API")
}

#[cfg(not(unix))]
fn become_program(mut program: Command) -> Result<()> {
    run::check(&mut program)
}

/// Starts a second xtask, which waits until the backend answers.
fn announcer(project: &Project, options: &Demo) -> Result<()> {
    let xtask = std::env::current_exe().context("finding xtask itself")?;
    let mut announcer = project.command(xtask);
    announcer.args(["announce", "--port", &options.port.to_string()]).stdin(Stdio::null());
    if options.open {
        announcer.arg("--open");
    }
    if let Some(api) = &options.api {
        announcer.args(["--api", api]);
    }
    announcer.spawn().map(drop).context("starting xtask a second time")
}

/// Once the backend answers, says how to use it; silent if it never does.
pub(crate) fn announce(options: &Demo) -> Result<()> {
    let parent = parent();
    let end = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect_timeout(&address(options.port), Duration::from_secs(1)).is_err() {
        if Instant::now() > end || self::parent() != parent {
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
    if options.open && open(&url).is_err() {
        run::say("No browser could be opened.");
    }
    Ok(())
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

fn open(url: &str) -> io::Result<()> {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let status = Command::new(program).arg(url).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the opener failed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_a_way_out() -> Result<()> {
        let taken = TcpListener::bind(address(0))?;
        let port = taken.local_addr()?.port();
        let message = check_port(port).map_or_else(|error| error.to_string(), |()| String::new());
        assert!(message.contains(&format!("port {port} is already in use")), "{message}");
        assert!(message.contains("cargo xtask demo --port "), "{message}");
        Ok(())
    }
}
