//! The command-line flags.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use backend::{AntiCsrf, Generation, Options};
use lexopt::{Arg, Parser, ValueExt};

/// The output of `--help`.
pub(crate) const HELP: &str = "\
Example API for supertokens-leptos: the server half of the session protocol, in memory.

Usage: backend [FLAGS]

  --address IP:PORT           where to listen (127.0.0.1:3001)
  --domain URL                the API's domain, part of the issuer of tokens (http://localhost and the port)
  --dist DIR                  also serve the built app in this folder
  --api URL                   the API that the served app calls (its own origin)
  --access-token-seconds N    lifetime of access tokens (3600)
  --anti-csrf MODE            none, via-token or via-custom-header (none)
  --generation GENERATION     the protocol's generation, older or current (current)
  --allow-origin ORIGIN       an origin whose pages may call the API; repeat it for more origins
                              (http://localhost, http://127.0.0.1 and http://[::1], any port)
  --seed-demo-users           create user@example.com and admin@example.com, password Passw0rd!
  --test-controls             open /test, count and log requests; for tests only
  --help                      print this
";

/// The command of the command line.
#[derive(Debug)]
pub(crate) enum Command {
    /// Starts the server.
    Serve(Box<Options>),
    /// Prints the flags.
    Help,
}

/// Reads the flags, without the program's name.
///
/// # Errors
/// A message that names the flag and its allowed values.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut options =
        Options { address: SocketAddr::from((Ipv4Addr::LOCALHOST, 3001)), ..Options::default() };
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let Arg::Long(flag) = argument else {
            return Err(format!("{}. See --help.", argument.unexpected()));
        };
        match flag.to_owned().as_str() {
            "help" => return Ok(Command::Help),
            "seed-demo-users" => options.seed_demo_users = true,
            "test-controls" => options.test_controls = true,
            "address" => options.address = value(&mut parser, "--address", "IP:PORT", |v| v.parse().ok())?,
            "dist" => options.dist = Some(value(&mut parser, "--dist", "an existing folder", folder)?),
            "domain" => {
                options.domain = Some(value(&mut parser, "--domain", "a URL with http:// or https://", url)?);
            }
            "api" => options.api = Some(value(&mut parser, "--api", "a URL with http:// or https://", url)?),
            "access-token-seconds" => {
                options.access_token_lifetime = value(
                    &mut parser,
                    "--access-token-seconds",
                    "a whole number from 1 to 31536000",
                    seconds,
                )?;
            }
            "anti-csrf" => {
                let allowed = "none, via-token or via-custom-header";
                options.anti_csrf = value(&mut parser, "--anti-csrf", allowed, anti_csrf)?;
            }
            "generation" => {
                options.generation = value(&mut parser, "--generation", "older or current", generation)?;
            }
            "allow-origin" => {
                let allowed = "an origin such as https://app.example.com, without a path";
                options.allowed_origins.push(value(&mut parser, "--allow-origin", allowed, origin)?);
            }
            other => return Err(format!("There is no flag --{other}. See --help.")),
        }
    }
    Ok(Command::Serve(Box::new(options)))
}

fn value<T>(
    parser: &mut Parser,
    flag: &str,
    takes: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, String> {
    let text = parser
        .value()
        .and_then(|value| value.string())
        .map_err(|_| format!("{flag} takes {takes}, and none was given."))?;
    read(&text).ok_or_else(|| format!("{flag} takes {takes}, not {text:?}."))
}

fn folder(text: &str) -> Option<PathBuf> {
    let path = PathBuf::from(text);
    path.is_dir().then_some(path)
}

fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let is_clean = !rest.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_clean && !rest.is_empty() && !rest.starts_with('/')).then(|| text.to_owned())
}

fn origin(text: &str) -> Option<String> {
    let origin = url(text)?;
    let (_, host) = origin.split_once("://")?;
    (!host.contains(['/', '?', '#', '@', '*'])).then(|| origin.to_ascii_lowercase())
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds = text.parse().ok()?;
    (1..=31_536_000).contains(&seconds).then(|| Duration::from_secs(seconds))
}

fn anti_csrf(text: &str) -> Option<AntiCsrf> {
    match text {
        "none" => Some(AntiCsrf::None),
        "via-token" => Some(AntiCsrf::ViaToken),
        "via-custom-header" => Some(AntiCsrf::ViaCustomHeader),
        _ => None,
    }
}

fn generation(text: &str) -> Option<Generation> {
    match text {
        "older" => Some(Generation::Older),
        "current" => Some(Generation::Current),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::{Command, parse};
    use backend::{AntiCsrf, Generation, Options};
    use std::time::Duration;

    fn options(arguments: &[&str]) -> Options {
        match parse(arguments.iter().map(Into::into)).unwrap() {
            Command::Serve(options) => *options,
            Command::Help => panic!("help"),
        }
    }

    #[test]
    fn without_flags_it_listens_on_loopback_only() {
        let options = options(&[]);
        assert_eq!(options.address.to_string(), "127.0.0.1:3001");
        assert!(!options.test_controls && !options.seed_demo_users);
        assert_eq!(options.generation, Generation::Current);
    }

    #[test]
    fn all_flags() {
        let options = options(&[
            "--address=[::1]:9",
            "--dist",
            ".",
            "--domain",
            "https://auth.example.com",
            "--api",
            "https://api.example.com",
            "--access-token-seconds",
            "5",
            "--anti-csrf",
            "via-token",
            "--generation=older",
            "--allow-origin",
            "https://a.example",
            "--allow-origin",
            "http://B.example:80",
            "--seed-demo-users",
            "--test-controls",
        ]);
        assert_eq!(options.address.to_string(), "[::1]:9");
        assert_eq!(options.domain.as_deref(), Some("https://auth.example.com"));
        assert_eq!(options.api.as_deref(), Some("https://api.example.com"));
        assert_eq!(options.access_token_lifetime, Duration::from_secs(5));
        assert_eq!(options.anti_csrf, AntiCsrf::ViaToken);
        assert_eq!(options.generation, Generation::Older);
        assert_eq!(options.allowed_origins, ["https://a.example", "http://b.example:80"]);
        assert!(options.dist.is_some() && options.seed_demo_users && options.test_controls);
    }

    #[test]
    fn a_bad_flag_is_named_with_what_it_takes() {
        for (arguments, part) in [
            (&["--address", "localhost"][..], "--address takes IP:PORT, not \"localhost\""),
            (&["--address"], "--address takes IP:PORT, and none was given"),
            (&["--dist", "/no/such/folder"], "--dist takes an existing folder"),
            (&["--api", "javascript:alert(1)"], "--api takes a URL"),
            (&["--domain", "api.example.com"], "--domain takes a URL"),
            (&["--access-token-seconds", "0"], "--access-token-seconds takes a whole number"),
            (&["--anti-csrf", "maybe"], "none, via-token or via-custom-header, not \"maybe\""),
            (&["--generation", "2"], "--generation takes older or current, not \"2\""),
            (&["--generation"], "--generation takes older or current, and none was given"),
            (&["--allow-origin", "https://a.example/"], "--allow-origin takes an origin"),
            (&["--allow-origin", "*"], "--allow-origin takes an origin"),
            (&["--verbose"], "no flag --verbose"),
            (&["serve"], "serve"),
            (&["--test-controls=yes"], "--test-controls"),
        ] {
            let error = parse(arguments.iter().map(Into::into)).unwrap_err();
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }
}
