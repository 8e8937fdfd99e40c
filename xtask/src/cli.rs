//! The command line.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use semver::Version;

/// The project's commands. They fetch what is missing (wasm target, wasm-bindgen, browser), or say how to install it.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, PartialEq, Subcommand)]
pub(crate) enum Command {
    /// Build the example app and the example API, and serve both until Ctrl-C
    Demo(Demo),
    /// Run all tests, or only the stages named
    Test(Test),
    /// Build the example app into target/site or target/site-yew, ready to be served
    BuildSite {
        /// The framework of the app
        #[arg(long, value_name = "NAME", default_value = "leptos")]
        ui: Ui,
        /// Optimize for size, as for a deployment
        #[arg(long)]
        release: bool,
    },
    /// Play random schedules of tabs, callers, faults and deaths against the client
    Simulate(Simulate),
    /// Measure the client in Chromium beside plain fetch, the JavaScript SDK and a floor; needs node and npm
    Bench(Bench),
    /// Build the example app for a deployment, and print what a user would download
    Size(Size),
    /// Check that the crates can be published, write version and changelog, commit and tag
    Release(Release),
}

/// The framework of an example app that runs in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ui {
    Leptos,
    Yew,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct Demo {
    /// The framework of the app
    #[arg(long, value_name = "NAME", default_value = "leptos")]
    pub(crate) ui: Ui,
    /// Optimize for size, as for a deployment (takes longer)
    #[arg(long)]
    pub(crate) release: bool,
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = value_parser!(u16).range(1..65535))]
    pub(crate) port: u16,
    /// Open the browser as well
    #[arg(long)]
    pub(crate) open: bool,
    /// The protocol's generation that the example API speaks
    #[arg(long, value_parser = ["older", "current"], default_value = "current", conflicts_with = "api")]
    pub(crate) generation: String,
    /// The app talks to the API at this URL instead of the example API
    #[arg(long, value_name = "URL")]
    pub(crate) api: Option<String>,
    /// The app that a server renders, with the example API on the next port
    #[arg(long, conflicts_with_all = ["generation", "ui"])]
    pub(crate) ssr: bool,
}

const ENGINES: [&str; 4] = ["chromium", "firefox", "webkit", "all"];

#[derive(Args, Debug, PartialEq)]
pub(crate) struct Test {
    /// Run this stage; can be repeated. Without it, all stages run but sdk
    #[arg(long, value_name = "STAGE")]
    only: Vec<Stage>,
    /// Run all stages, sdk too
    #[arg(long, conflicts_with = "only")]
    all: bool,
    /// Leave this stage out; can be repeated
    #[arg(long, value_name = "STAGE", conflicts_with = "only")]
    skip: Vec<Stage>,
    /// Engines of the stages wasm, e2e, ssr, templates and clients, with commas between
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ENGINES, default_value = "chromium")]
    browsers: Vec<String>,
    /// Engines of the stages e2e, ssr, templates and clients, if not those of --browsers
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ENGINES)]
    e2e_browsers: Vec<String>,
    /// Run what Leptos and Yew share less often: with Yew the browser tests in the first engine alone, and only the
    /// stories about views
    #[arg(long)]
    pub(crate) shared_once: bool,
    /// Build the Leptos app of the stages e2e and sdk as for a deployment: pages load faster, the build takes longer
    #[arg(long)]
    pub(crate) release: bool,
    /// The version of Leptos; for 0.9 in a copy of the project with tests/leptos-0.9/leptos-0.9.patch
    #[arg(long, value_name = "VERSION", value_parser = ["0.8", "0.9"], default_value = "0.8")]
    pub(crate) leptos: String,
}

impl Test {
    /// Whether the browser tests of both frameworks run in this engine.
    pub(crate) fn has_both_frameworks(&self, engine: Engine) -> bool {
        !self.shared_once || self.engines(Stage::Wasm).first() == Some(&Some(engine))
    }

    /// The stages to run, each with its engine if it needs one.
    pub(crate) fn runs(&self) -> Vec<(Stage, Option<Engine>)> {
        let stages = Stage::value_variants().iter().copied();
        let is_chosen = |stage: &Stage| match self.only.as_slice() {
            [] => (self.all || *stage != Stage::Sdk) && !self.skip.contains(stage),
            only => only.contains(stage),
        };
        let runs = |stage| self.engines(stage).into_iter().map(move |engine| (stage, engine));
        stages.filter(is_chosen).flat_map(runs).collect()
    }

    fn engines(&self, stage: Stage) -> Vec<Option<Engine>> {
        let names = match stage {
            Stage::Lint | Stage::Native | Stage::Bugs | Stage::Packages => return vec![None],
            Stage::Sdk => return vec![Some(Engine::Chromium)],
            Stage::E2e | Stage::Ssr | Stage::Templates | Stage::Clients if !self.e2e_browsers.is_empty() => {
                &self.e2e_browsers
            }
            Stage::Wasm | Stage::E2e | Stage::Ssr | Stage::Templates | Stage::Clients => &self.browsers,
        };
        let is_named = |engine: &Engine| names.iter().any(|name| name == "all" || name == engine.name());
        Engine::ALL.into_iter().filter(is_named).map(Some).collect()
    }
}

/// A stage of `cargo xtask test`, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Format, clippy, documentation and words to avoid
    Lint,
    /// Unit, doc and simulation tests
    Native,
    /// Deliberate bugs in the client, each of which the simulation has to catch
    Bugs,
    /// Tests inside a headless browser
    Wasm,
    /// The example apps in a real browser, driven by WebDriver
    E2e,
    /// Pages that a server renders: under load, and in a real browser
    Ssr,
    /// The apps that users copy: built as a user does, and used in a real browser
    Templates,
    /// The same cases with axios (needs npm), fetch, gloo-net, reqwest and XMLHttpRequest on an intercepted page
    Clients,
    /// App and server crate with the real supertokens-node, or the core at SUPERTOKENS_CORE_URL; needs node 18.19 and npm
    Sdk,
    /// What crates.io would get: contents, oldest Rust and dependencies, sets of features, licences
    Packages,
}

impl Stage {
    /// Its name and description on the command line.
    pub(crate) fn value(self) -> PossibleValue {
        self.to_possible_value().unwrap_or_default()
    }

    /// Whether it checks the code without running a test.
    pub(crate) fn is_without_tests(self) -> bool {
        matches!(self, Self::Lint | Self::Packages)
    }
}

/// A browser engine that tests run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK: Safari's engine, as far as Linux has it.
    Webkit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }
}

#[derive(Args, Debug, PartialEq)]
#[group(multiple = false)]
pub(crate) struct Simulate {
    /// Number of schedules, other ones each time
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) schedules: u64,
    /// Play this schedule alone, and print all that happens
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Build the client with deliberate bugs, one after the other, and check that each is caught
    #[arg(long)]
    pub(crate) bugs: bool,
}

const GROUPS: &str = "bytes start requests interception expiry burst tabs lock reads memory expiries";

#[derive(Args, Debug, PartialEq)]
pub(crate) struct Bench {
    /// Measure this group; can be repeated. Without it, all groups but expiries, which takes minutes
    #[arg(long, value_name = "GROUP", value_parser = PossibleValuesParser::new(GROUPS.split(' ')))]
    pub(crate) only: Vec<String>,
    /// Turns of each contender [default: 5]
    #[arg(long, value_name = "N")]
    pub(crate) rounds: Option<u64>,
    /// Measure little, to see that it works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Write the table and the plot into docs instead of the target folder
    #[arg(long)]
    pub(crate) record: bool,
}

#[derive(Args, Debug, PartialEq)]
#[group(multiple = false)]
pub(crate) struct Size {
    /// Fail if it has grown by more than 2 % over examples/spa/size.json
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the size to examples/spa/size.json
    #[arg(long)]
    pub(crate) record: bool,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct Release {
    /// The version to release [default: that of Cargo.toml]
    #[arg(value_name = "VERSION")]
    pub(crate) version: Option<Version>,
    /// Check all, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        let cli = Cli::try_parse_from(["xtask"].into_iter().chain(line.split_whitespace()));
        cli.map(|cli| cli.command).map_err(|error| error.to_string())
    }

    fn runs(line: &str) -> Vec<(Stage, Option<Engine>)> {
        match parse(line).unwrap() {
            Command::Test(test) => test.runs(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn documented_commands_parse() {
        let readme = include_str!("../../README.md");
        let files = [readme, include_str!("../../CONTRIBUTING.md"), include_str!("../../.ci/run")];
        let lines = files.into_iter().flat_map(str::lines).map(|line| line.trim_start_matches("exec "));
        let commands: Vec<_> = lines.filter_map(|line| line.strip_prefix("cargo xtask ")).collect();
        assert!(commands.len() > 10, "the documents were not understood");
        for command in commands {
            let arguments = command.split('#').next().unwrap();
            assert_eq!(parse(arguments).err(), None, "{command}");
        }
    }

    #[test]
    fn stages_run_in_order_and_once_per_engine() {
        use Engine::{Chromium, Firefox, Webkit};
        use Stage::{Bugs, Clients, E2e, Lint, Native, Packages, Sdk, Ssr, Templates, Wasm};
        let mut others = [Wasm, E2e, Ssr, Templates, Clients].map(|stage| (stage, Some(Chromium))).to_vec();
        others.push((Packages, None));
        assert_eq!(runs("test"), [&[(Lint, None), (Native, None), (Bugs, None)], &others[..]].concat());
        let without_bugs = [&[(Lint, None), (Native, None)], &others[..]].concat();
        assert_eq!(runs("test --skip bugs"), without_bugs);
        let with_sdk = runs("test --all");
        assert!(with_sdk.contains(&(Sdk, Some(Chromium))) && with_sdk.len() == runs("test").len() + 1);
        let line = "test --only sdk --only e2e --only lint --only e2e --browsers=webkit,chromium,webkit";
        let expected = [(Lint, None), (E2e, Some(Chromium)), (E2e, Some(Webkit)), (Sdk, Some(Chromium))];
        assert_eq!(runs(line), expected);
        let line = "test --only wasm --only e2e --browsers all --e2e-browsers firefox";
        let wasm = Engine::ALL.map(|engine| (Wasm, Some(engine)));
        assert_eq!(runs(line), [&wasm[..], &[(E2e, Some(Firefox))]].concat());
    }

    #[test]
    fn wrong_arguments_are_named() {
        for (line, named) in [
            ("demo --port 0", "0"),
            ("demo --generation newer", "older, current"),
            ("demo --ui react", "leptos, yew"),
            ("demo --ui yew --ssr", "--ssr"),
            ("demo --generation older --api http://localhost:9000", "--api"),
            ("size --check --record", "--record"),
            ("simulate --seed 1 --bugs", "--bugs"),
            ("test --only unit", "lint, native, bugs, wasm, e2e, ssr, templates, clients, sdk, packages"),
            ("test --browsers chromium,", "chromium, firefox, webkit, all"),
        ] {
            let message = parse(line).unwrap_err();
            assert!(message.contains(named), "{line}: {message}");
        }
    }
}
