//! A server of `tests/sdk` as a child process.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::env;

const START: Duration = Duration::from_secs(60);

/// Ends when dropped, and when this process ends, since its standard input then closes.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) control: String,
    process: Child,
}

impl Server {
    /// Starts `node SCRIPT FLAGS…` and waits until it is ready.
    pub(crate) async fn start(script: &str, flags: &[String]) -> Self {
        let starting = Self::try_start(script, flags);
        timeout(START, starting).await.unwrap_or_else(|_| panic!("{script} is not ready after {START:?}"))
    }

    /// Ends it, and waits until it has ended.
    pub(crate) async fn stop(mut self) {
        self.process.kill().await.expect("a server that ends");
    }

    async fn try_start(script: &str, flags: &[String]) -> Self {
        let folder = env::sdk();
        let mut process = Command::new("node")
            .arg(folder.join(script))
            .args(flags)
            // Only flags count: the server also reads variables, with names as common as PORT.
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| is_of_node(name)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start node, which supertokens-node needs: {error}"));
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let mut output = Vec::new();
        while let Some(line) = lines.next_line().await.expect("readable text from the server") {
            if let Some((url, control)) = addresses(&line) {
                let (url, control) = (url.to_owned(), control.to_owned());
                // Reads the pipe, so that it does not fill up.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Self { url, control, process };
            }
            output.push(line);
        }
        panic!(
            "node {script} ended before it was ready. Are its packages there (`npm ci` in {})? {}",
            folder.display(),
            output.join("\n")
        )
    }
}

/// The variables that node and its TLS need.
pub(super) fn is_of_node(name: &OsStr) -> bool {
    ["PATH", "SystemRoot", "NODE_EXTRA_CA_CERTS"].iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// `ready http://localhost:3001 control http://localhost:40123`
fn addresses(line: &str) -> Option<(&str, &str)> {
    line.trim().strip_prefix("ready ")?.split_once(" control ")
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn the_addresses_are_in_the_line_that_says_ready() {
        let line = "ready http://localhost:3001 control http://localhost:40123";
        assert_eq!(addresses(line), Some(("http://localhost:3001", "http://localhost:40123")));
        for other in ["", "ready", "ready http://localhost:3001", "not ready http://a control http://b"] {
            assert_eq!(addresses(other), None, "{other}");
        }
    }
}
