//! Tests that an engine cannot run, each with the reason. They are counted and listed as skipped.

use crate::cli::Engine::{self, Firefox, Webkit};
use crate::cli::Stage;

#[derive(Debug)]
pub(crate) struct Skip {
    stage: Stage,
    engines: &'static [Engine],
    /// The name that the test program prints.
    pub(crate) test: &'static str,
    pub(crate) why: &'static str,
}

const fn wasm(engines: &'static [Engine], test: &'static str, why: &'static str) -> Skip {
    Skip { stage: Stage::Wasm, engines, test, why }
}

const NO_STREAMS: &str = "it sends no body that is a stream";
const LATE_COOKIES: &str = "it shows a page its own writes late";

const SKIPS: [Skip; 4] = [
    wasm(&[Firefox, Webkit], "intercepted_fetch::an_intercepted_stream_is_sent_once", NO_STREAMS),
    wasm(&[Firefox, Webkit], "requests_of_the_caller::a_stream_is_sent_once", NO_STREAMS),
    wasm(&[Firefox, Webkit], "objects_of_other_windows::a_stream_of_another_window_is_sent_once", NO_STREAMS),
    wasm(
        &[Webkit],
        "session_cookies::a_script_s_cookie_change_right_after_a_write_is_read_at_once",
        LATE_COOKIES,
    ),
];

/// The tests that are skipped in this stage and engine.
pub(crate) fn of(stage: Stage, engine: Engine) -> impl Iterator<Item = &'static Skip> {
    SKIPS.iter().filter(move |skip| skip.stage == stage && skip.engines.contains(&engine))
}

/// Arguments of a test program that skip them, and not others whose names begin so.
pub(crate) fn arguments(stage: Stage, engine: Engine) -> Vec<&'static str> {
    let exact = of(stage, engine).next().map(|_| "--exact");
    exact.into_iter().chain(of(stage, engine).flat_map(|skip| ["--skip", skip.test])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs;

    #[test]
    fn every_skip_names_a_test_that_runs_in_another_engine() {
        for skip in &SKIPS {
            assert!(docs::is_browser_test(&format!("{}(", skip.test)), "{}", skip.test);
            assert!(!skip.engines.contains(&Engine::Chromium), "{}", skip.test);
        }
    }
}
