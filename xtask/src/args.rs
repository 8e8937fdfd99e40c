//! The command line.

use std::ffi::OsString;

use anyhow::{Result, anyhow, bail};
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

use crate::engine::Engine;

pub(crate) const HELP: &str = "\
The project's chores.

  cargo xtask demo [--release] [--port N] [--open] [--generation older|current] [--api URL]
      Builds the example app and the example API and serves both until Ctrl-C.
        --release    the small build, as it would be deployed (takes longer)
        --port N     default 3000
        --open       opens the browser as well
        --generation the protocol's generation that the example API speaks, default current
        --api URL    the app talks to the API at URL instead of the example one

  cargo xtask test [--only STAGE]... [--browsers LIST] [--e2e-browsers LIST]
      Runs the stages lint, native, bugs, wasm, e2e and clients, or only those named; sdk runs only when named.
        lint         format, clippy and documentation, without a warning
        native       unit, doc and simulation tests, and pages that a server renders
        bugs         deliberate bugs in the client, each of which the simulation has to catch
        wasm         tests inside a headless browser
        e2e          the example app in a real browser, driven by WebDriver
        clients      one suite on an intercepted page with axios, fetch, gloo-net, reqwest and XMLHttpRequest, and a
                     table of what came of it; axios is left out where there is no npm
        sdk          as e2e, with the real supertokens-node; needs node 18.19 and npm
                     (with SUPERTOKENS_CORE_URL set: and with the core at that URL)
        --browsers LIST      the engines of wasm, e2e and clients: chromium, firefox, webkit with commas between, or all;
                             chromium unless said
        --e2e-browsers LIST  those of e2e and clients, where they are to be others

  cargo xtask build-site [--release]
      Builds the example app into target/site, ready to be served.

  cargo xtask simulate [--schedules N] [--seed S] [--bugs]
      Plays random schedules of tabs, callers, faults and deaths against the client, other ones each time.
        --schedules N  how many, 100000 unless said
        --seed S       plays that one alone, and prints all that happens
        --bugs         builds the client with deliberate bugs, one after the other, and shows that each is caught

  cargo xtask bench [--only GROUP]... [--rounds N] [--quick] [--record]
      Measures the client in a headless browser beside plain fetch, the JavaScript SDK and a floor; needs node and npm.
        --only GROUP   bytes, start, requests, interception, expiry, burst, tabs, lock, reads or memory; or expiries,
                       which takes minutes and is left out unless named: 1 000 over 5 tabs, and no refresh too many
        --rounds N     how often everybody has a turn, 5 unless said
        --quick        few of everything, to see that it works
        --record       writes the table and the plot into docs, and not into the target folder

  cargo xtask size [--check | --record]
      Builds the small version and prints what a user would download.
        --check      fails where it has grown by more than 2 % over what is recorded in examples/spa/size.json
        --record     records what it is now

What is missing (wasm target, wasm-bindgen, browser) is fetched, or you are told how.";

/// What to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Chore {
    Help,
    Demo(Demo),
    /// Not for people: waits until the demo answers, and says so.
    Announce(Demo),
    Bench(Bench),
    BuildSite {
        release: bool,
    },
    Simulate(Simulate),
    Size(Size),
    Test(Test),
}

/// What `cargo xtask test` is to run, and where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    pub(crate) stages: Vec<Stage>,
    pub(crate) wasm: Vec<Engine>,
    pub(crate) e2e: Vec<Engine>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Demo {
    pub(crate) release: bool,
    pub(crate) port: u16,
    pub(crate) open: bool,
    pub(crate) generation: Generation,
    pub(crate) api: Option<String>,
}

impl Default for Demo {
    fn default() -> Self {
        Self { release: false, port: 3000, open: false, generation: Generation::Current, api: None }
    }
}

/// Of the protocol, as the example API can speak it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    Older,
    Current,
}

impl Generation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Older => "older",
            Self::Current => "current",
        }
    }

    fn named(name: &str) -> Result<Self> {
        [Self::Older, Self::Current]
            .into_iter()
            .find(|generation| generation.name() == name)
            .ok_or_else(|| anyhow!("--generation takes older or current, not `{name}`"))
    }
}

/// What `cargo xtask size` is to do with the sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Show,
    Check,
    Record,
}

/// What `cargo xtask bench` is to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bench {
    pub(crate) only: Vec<String>,
    pub(crate) rounds: Option<u64>,
    pub(crate) quick: bool,
    pub(crate) record: bool,
}

/// What `cargo xtask simulate` is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Simulate {
    Schedules(u64),
    Seed(u64),
    Bugs,
}

/// A stage of `cargo xtask test`, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Lint,
    Native,
    Bugs,
    Wasm,
    E2e,
    Clients,
    Sdk,
}

impl Stage {
    pub(crate) const ALL: [Self; 7] =
        [Self::Lint, Self::Native, Self::Bugs, Self::Wasm, Self::E2e, Self::Clients, Self::Sdk];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Bugs => "bugs",
            Self::Wasm => "wasm",
            Self::E2e => "e2e",
            Self::Clients => "clients",
            Self::Sdk => "sdk",
        }
    }

    /// What runs unless `--only` says otherwise: all that can do without packages from npm.
    pub(crate) const ORDINARY: [Self; 6] =
        [Self::Lint, Self::Native, Self::Bugs, Self::Wasm, Self::E2e, Self::Clients];

    fn named(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name).ok_or_else(|| {
            anyhow!("there is no stage `{name}`; there are lint, native, bugs, wasm, e2e, clients and sdk")
        })
    }
}

pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Chore> {
    let mut parser = lexopt::Parser::from_args(args);
    let chore = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Chore::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match chore.as_str() {
        "demo" => demo(parser, Chore::Demo),
        "announce" => demo(parser, Chore::Announce),
        "bench" => bench(parser),
        "build-site" => build_site(parser),
        "simulate" => simulate(parser),
        "size" => size(parser),
        "test" => test(parser),
        "help" => Ok(Chore::Help),
        other => bail!("there is no chore `{other}`"),
    }
}

fn demo(mut parser: lexopt::Parser, chore: fn(Demo) -> Chore) -> Result<Chore> {
    let mut demo = Demo::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("release") => demo.release = true,
            Long("port") => demo.port = port(&parser.value()?.string()?)?,
            Long("open") => demo.open = true,
            Long("generation") => demo.generation = Generation::named(&parser.value()?.string()?)?,
            Long("api") => demo.api = Some(parser.value()?.string()?),
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    if demo.api.is_some() && demo.generation != Generation::Current {
        bail!("--generation is the example API's, which the app does not talk to with --api");
    }
    Ok(chore(demo))
}

fn port(text: &str) -> Result<u16> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => bail!("--port takes a number from 1 to 65535, not `{text}`"),
    }
}

fn bench(mut parser: lexopt::Parser) -> Result<Chore> {
    let mut what = Bench::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("only") => what.only.push(parser.value()?.string()?),
            Long("rounds") => what.rounds = Some(number("--rounds", &parser.value()?.string()?)?),
            Long("quick") => what.quick = true,
            Long("record") => what.record = true,
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Chore::Bench(what))
}

fn build_site(mut parser: lexopt::Parser) -> Result<Chore> {
    let mut release = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("release") => release = true,
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Chore::BuildSite { release })
}

fn simulate(mut parser: lexopt::Parser) -> Result<Chore> {
    let mut what = None;
    while let Some(arg) = parser.next()? {
        let next = match arg {
            Long("schedules") => Simulate::Schedules(number("--schedules", &parser.value()?.string()?)?),
            Long("seed") => Simulate::Seed(number("--seed", &parser.value()?.string()?)?),
            Long("bugs") => Simulate::Bugs,
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        };
        if what.replace(next).is_some() {
            bail!("simulate takes one of --schedules, --seed and --bugs");
        }
    }
    Ok(Chore::Simulate(what.unwrap_or(Simulate::Schedules(100_000))))
}

fn number(option: &str, text: &str) -> Result<u64> {
    text.parse().map_err(|_| anyhow!("{option} takes a whole number, not `{text}`"))
}

fn size(mut parser: lexopt::Parser) -> Result<Chore> {
    let mut what = Size::Show;
    while let Some(arg) = parser.next()? {
        let next = match arg {
            Long("check") => Size::Check,
            Long("record") => Size::Record,
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        };
        if what != Size::Show {
            bail!("size takes one of --check and --record");
        }
        what = next;
    }
    Ok(Chore::Size(what))
}

fn test(mut parser: lexopt::Parser) -> Result<Chore> {
    let mut stages = Vec::new();
    let (mut browsers, mut e2e) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("only") => stages.push(Stage::named(&parser.value()?.string()?)?),
            Long("browsers") => browsers = Some(Engine::list(&parser.value()?.string()?)?),
            Long("e2e-browsers") => e2e = Some(Engine::list(&parser.value()?.string()?)?),
            Long("help") | Short('h') => return Ok(Chore::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    if stages.is_empty() {
        stages.extend(Stage::ORDINARY);
    }
    stages.sort_unstable();
    stages.dedup();
    let wasm = browsers.unwrap_or_else(|| vec![Engine::Chromium]);
    let e2e = e2e.unwrap_or_else(|| wasm.clone());
    Ok(Chore::Test(Test { stages, wasm, e2e }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Chore, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn help_is_the_answer_to_nothing_and_to_help() {
        for line in ["", "--help", "-h", "help", "demo --help", "test -h", "size --help"] {
            assert_eq!(parsed(line), Ok(Chore::Help), "{line}");
        }
    }

    #[test]
    fn the_demo_has_defaults() {
        assert_eq!(parsed("demo"), Ok(Chore::Demo(Demo::default())));
    }

    #[test]
    fn the_demo_takes_options_in_both_spellings() {
        let api = Some("http://localhost:9000".to_owned());
        let demo = Demo { release: true, port: 4000, open: true, api, ..Demo::default() };
        for line in [
            "demo --release --port 4000 --open --api http://localhost:9000",
            "demo --api=http://localhost:9000 --port=4000 --open --release",
        ] {
            assert_eq!(parsed(line), Ok(Chore::Demo(demo.clone())), "{line}");
        }
    }

    #[test]
    fn the_demos_generation_is_one_of_two() {
        for generation in [Generation::Older, Generation::Current] {
            let demo = Demo { generation, ..Demo::default() };
            let line = format!("demo --generation {}", generation.name());
            assert_eq!(parsed(&line), Ok(Chore::Demo(demo)), "{line}");
        }
        assert_eq!(parsed("demo --generation=current"), Ok(Chore::Demo(Demo::default())));
    }

    fn in_chromium(stages: &[Stage]) -> Result<Chore, String> {
        let chromium = vec![Engine::Chromium];
        Ok(Chore::Test(Test { stages: stages.to_vec(), wasm: chromium.clone(), e2e: chromium }))
    }

    #[test]
    fn without_only_all_stages_run_that_need_no_npm() {
        assert_eq!(parsed("test"), in_chromium(&Stage::ORDINARY));
    }

    #[test]
    fn browsers_are_those_of_wasm_and_of_e2e_unless_e2e_has_its_own() {
        use Engine::{Chromium, Firefox, Webkit};
        let all = Engine::ALL.as_slice();
        for (line, wasm, e2e) in [
            ("--browsers all", all, all),
            ("--browsers=firefox,chromium,firefox", &[Chromium, Firefox], &[Chromium, Firefox]),
            ("--browsers webkit", &[Webkit], &[Webkit]),
            ("--browsers all --e2e-browsers chromium", all, &[Chromium]),
            ("--e2e-browsers firefox", &[Chromium], &[Firefox]),
        ] {
            let (stages, wasm, e2e) = (Stage::ORDINARY.to_vec(), wasm.to_vec(), e2e.to_vec());
            assert_eq!(
                parsed(&format!("test {line}")),
                Ok(Chore::Test(Test { stages, wasm, e2e })),
                "{line}"
            );
        }
        for engine in Engine::ALL {
            assert!(HELP.contains(engine.name()), "{engine:?}");
        }
    }

    #[test]
    fn simulate_takes_a_count_a_seed_or_the_bugs() {
        for (line, what) in [
            ("simulate", Simulate::Schedules(100_000)),
            ("simulate --schedules 20", Simulate::Schedules(20)),
            ("simulate --seed 7", Simulate::Seed(7)),
            ("simulate --bugs", Simulate::Bugs),
        ] {
            assert_eq!(parsed(line), Ok(Chore::Simulate(what)), "{line}");
        }
    }

    #[test]
    fn sizes_are_shown_checked_or_recorded() {
        for (line, what) in
            [("size", Size::Show), ("size --check", Size::Check), ("size --record", Size::Record)]
        {
            assert_eq!(parsed(line), Ok(Chore::Size(what)), "{line}");
        }
    }

    #[test]
    fn the_benchmark_takes_its_groups_and_how_often() {
        let what = Bench {
            only: vec!["lock".to_owned(), "tabs".to_owned()],
            rounds: Some(3),
            quick: true,
            record: true,
        };
        assert_eq!(parsed("bench"), Ok(Chore::Bench(Bench::default())));
        assert_eq!(
            parsed("bench --only lock --only tabs --rounds 3 --quick --record"),
            Ok(Chore::Bench(what))
        );
    }

    #[test]
    fn only_repeats_and_the_order_stays() {
        let stages = [Stage::Lint, Stage::E2e];
        assert_eq!(parsed("test --only e2e --only lint --only e2e"), in_chromium(&stages));
    }

    #[test]
    fn every_stage_is_found_by_its_name_and_helped_with() {
        for stage in Stage::ALL {
            let line = format!("test --only {}", stage.name());
            assert_eq!(parsed(&line), in_chromium(&[stage]), "{line}");
            assert!(HELP.contains(&format!("\n        {} ", stage.name())), "{line}");
            let wrong = parsed("test --only unit").map_or_else(|message| message, |_| String::new());
            assert!(wrong.contains(stage.name()), "{wrong}");
        }
        assert_eq!(Stage::ALL.last(), Some(&Stage::Sdk), "it runs after e2e");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, named) in [
            ("dmeo", "dmeo"),
            ("demo --prot 4000", "--prot"),
            ("demo extra", "extra"),
            ("demo --port 99999", "99999"),
            ("demo --port 0", "`0`"),
            ("demo --port", "--port"),
            ("demo --generation", "--generation"),
            ("demo --generation newer", "older or current, not `newer`"),
            ("demo --generation older --api http://localhost:9000", "--api"),
            ("build-site --generation older", "--generation"),
            ("bench --rounds few", "--rounds"),
            ("build-site --port 3000", "--port"),
            ("size --release", "--release"),
            ("size --check --record", "one of"),
            ("test --only unit", "unit"),
            ("test native", "native"),
            ("test --browsers chrome", "`chrome`; there are chromium, firefox and webkit"),
            ("test --browsers chromium,", "``"),
            ("test --browsers", "--browsers"),
            ("test --e2e-browsers safari", "safari"),
            ("simulate --seed x", "--seed"),
            ("simulate --seed 1 --bugs", "one of"),
            ("--release", "--release"),
        ] {
            let message = parsed(line).map_or_else(|message| message, |chore| format!("taken for {chore:?}"));
            assert!(message.contains(named) && !message.starts_with("taken"), "{line}: {message}");
        }
    }
}
