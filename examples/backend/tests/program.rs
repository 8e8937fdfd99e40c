//! The program: its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backend"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

/// Ends the process with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn help_lists_the_flags() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for flag in [
        "--address",
        "--dist",
        "--domain",
        "--api",
        "--access-token-seconds",
        "--anti-csrf",
        "--generation",
        "--allow-origin",
        "--test-controls",
        "--seed-demo-users",
    ] {
        assert!(text.contains(flag), "{flag}");
    }
}

#[test]
fn an_invalid_flag_exits_with_2_and_a_message() {
    let output = run(&["--anti-csrf", "maybe"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text, "--anti-csrf takes none, via-token or via-custom-header, not \"maybe\".\n");
}

#[test]
fn a_port_in_use_is_reported() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = run(&["--address", &format!("127.0.0.1:{port}")]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains(&format!("Port {port} is already in use")) && text.contains("--address 127.0.0.1:"),
        "{text}"
    );
}

#[test]
fn it_prints_its_url_and_the_demo_users_can_sign_in() {
    let mut running = Running(program(&["--address", "127.0.0.1:0", "--seed-demo-users"]).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("Example API on http://").unwrap_or_else(|| panic!("{line}"));

    for (email, role) in [("user@example.com", "[\"user\"]"), ("admin@example.com", "[\"admin\",\"user\"]")] {
        let fields = format!(
            r#"{{"formFields":[{{"id":"email","value":"{email}"}},{{"id":"password","value":"Passw0rd!"}}]}}"#
        );
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /auth/signin HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{fields}",
            fields.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.contains("\"status\":\"OK\""), "{response}");
        assert!(front_token(&response).contains(role), "{email}");
    }
}

fn front_token(response: &str) -> String {
    use base64::Engine;
    let line = response.lines().find_map(|line| line.strip_prefix("front-token: ")).unwrap();
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(line).unwrap()).unwrap()
}
