//! The example API as a program; `--help` lists its flags.

#![warn(missing_docs)]

mod flags;

use std::io::{self, Write};
use std::process::ExitCode;

use backend::{Options, ServeError};
use flags::Command;

const USAGE: u8 = 2;

fn main() -> ExitCode {
    match flags::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            say(flags::HELP.trim_end());
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(options)) => serve(*options),
        Err(problem) => {
            complain(&problem);
            ExitCode::from(USAGE)
        }
    }
}

fn serve(options: Options) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("Cannot start: {error}."));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&explain(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), ServeError> {
    let has_demo_users = options.seed_demo_users;
    let mut server = backend::spawn(options).await?;
    say(&format!("Example API on {}", server.url()));
    if has_demo_users {
        say("Sign in as user@example.com or admin@example.com, password Passw0rd!");
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        server.finish().await;
    }
    Ok(())
}

fn explain(error: &ServeError) -> String {
    match error {
        ServeError::AddressInUse(address) => format!(
            "Port {} is already in use. Choose another one, such as --address {}:{}.",
            address.port(),
            address.ip(),
            address.port().checked_add(1).unwrap_or(3001),
        ),
        other => format!("Cannot start: {other}."),
    }
}

/// The parent process may have closed the output, and the server runs on without it.
fn say(line: &str) {
    writeln!(io::stdout(), "{line}").ok();
}

fn complain(line: &str) {
    writeln!(io::stderr(), "{line}").ok();
}
