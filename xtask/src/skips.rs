//! Tests that an engine can't run, each with the reason. They are left out by name, counted as skipped, and listed at
//! the end of the report: a skip never looks like a pass.

use crate::cli::{Engine, Stage};

/// A test that is left out in an engine.
#[derive(Debug)]
pub(crate) struct Skip {
    pub(crate) engine: Engine,
    pub(crate) stage: Stage,
    /// The source that the test is in.
    #[cfg_attr(not(test), expect(dead_code, reason = "only this file's tests look at the source"))]
    file: &'static str,
    /// As the test program names it.
    pub(crate) test: &'static str,
    pub(crate) why: &'static str,
}

const INTERCEPTED: &str = "crates/web/tests/intercepted_fetch.rs";
const OTHER_WINDOWS: &str = "crates/web/tests/objects_of_other_windows.rs";
const NO_STREAMS: &str = "it sends no body that is a stream";

const SKIPS: [Skip; 7] = [
    Skip {
        engine: Engine::Firefox,
        stage: Stage::Wasm,
        file: INTERCEPTED,
        test: "an_intercepted_stream_is_sent_once",
        why: NO_STREAMS,
    },
    Skip {
        engine: Engine::Firefox,
        stage: Stage::Wasm,
        file: "crates/web/tests/requests_made_elsewhere.rs",
        test: "a_stream_is_sent_once",
        why: NO_STREAMS,
    },
    Skip {
        engine: Engine::Webkit,
        stage: Stage::Wasm,
        file: "crates/web/tests/requests_made_elsewhere.rs",
        test: "a_stream_is_sent_once",
        why: NO_STREAMS,
    },
    Skip {
        engine: Engine::Webkit,
        stage: Stage::Wasm,
        file: INTERCEPTED,
        test: "an_intercepted_stream_is_sent_once",
        why: NO_STREAMS,
    },
    Skip {
        engine: Engine::Webkit,
        stage: Stage::Wasm,
        file: "crates/web/tests/cookies_as_every_sdk_writes_them.rs",
        test: "what_a_script_does_to_cookies_right_after_a_write_is_seen_at_once",
        why: "it tells a page late of its own writes",
    },
    Skip {
        engine: Engine::Firefox,
        stage: Stage::Wasm,
        file: OTHER_WINDOWS,
        test: "a_stream_of_another_window_is_sent_once",
        why: NO_STREAMS,
    },
    Skip {
        engine: Engine::Webkit,
        stage: Stage::Wasm,
        file: OTHER_WINDOWS,
        test: "a_stream_of_another_window_is_sent_once",
        why: NO_STREAMS,
    },
];

/// What is left out of this stage in this engine.
pub(crate) fn of(stage: Stage, engine: Engine) -> impl Iterator<Item = &'static Skip> {
    SKIPS.iter().filter(move |skip| (skip.stage, skip.engine) == (stage, engine))
}

/// What makes a test program leave those out, and no others whose names only begin so.
pub(crate) fn arguments(stage: Stage, engine: Engine) -> Vec<&'static str> {
    let mut arguments: Vec<_> = of(stage, engine).flat_map(|skip| ["--skip", skip.test]).collect();
    if !arguments.is_empty() {
        arguments.insert(0, "--exact");
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs;

    #[test]
    fn every_skip_names_a_test_that_is_there_and_a_reason() {
        for skip in &SKIPS {
            let name = skip.test.rsplit("::").next().unwrap_or_default();
            assert!(docs::is_there(skip.file, name), "{} is not in {}", skip.test, skip.file);
            assert!(!skip.why.is_empty(), "{}", skip.test);
            assert!(
                [Stage::Wasm, Stage::E2e, Stage::Clients].contains(&skip.stage),
                "{}: no stage of browsers",
                skip.test
            );
            assert_ne!(skip.engine, Engine::Chromium, "{}: it has to run in one engine at least", skip.test);
        }
    }

    #[test]
    fn skips_are_exact() {
        for engine in Engine::ALL {
            for stage in [Stage::Wasm, Stage::E2e, Stage::Clients] {
                let arguments = arguments(stage, engine);
                let count = of(stage, engine).count();
                assert_eq!(arguments.len(), if count == 0 { 0 } else { 1 + 2 * count });
                assert!(count == 0 || arguments[0] == "--exact");
            }
        }
    }
}
