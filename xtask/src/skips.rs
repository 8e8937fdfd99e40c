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

const fn e2e(engines: &'static [Engine], test: &'static str, why: &'static str) -> Skip {
    Skip { stage: Stage::E2e, engines, test, why }
}

const NO_STREAMS: &str = "it sends no body that is a stream";
const LATE_COOKIES: &str = "it shows a page its own writes late";
const NO_OWN_HOSTS: &str = "its driver has no setting for the addresses of hosts";

const SKIPS: [Skip; 10] = [
    wasm(&[Firefox, Webkit], "an_intercepted_stream_is_sent_once", NO_STREAMS),
    wasm(&[Firefox, Webkit], "a_stream_is_sent_once", NO_STREAMS),
    wasm(&[Firefox, Webkit], "a_stream_of_another_window_is_sent_once", NO_STREAMS),
    wasm(&[Webkit], "a_script_s_cookie_change_right_after_a_write_is_read_at_once", LATE_COOKIES),
    e2e(&[Webkit], "two_hosts::a_sign_in_on_one_host_is_shown_on_the_other", NO_OWN_HOSTS),
    e2e(
        &[Webkit],
        "two_hosts::a_sign_out_on_one_host_is_shown_on_the_other_when_it_gets_the_focus",
        NO_OWN_HOSTS,
    ),
    e2e(
        &[Webkit],
        "two_hosts::two_hosts_that_expire_at_the_same_time_share_refreshes_and_cause_no_theft",
        NO_OWN_HOSTS,
    ),
    e2e(&[Webkit], "two_hosts::a_frame_of_the_other_host_shows_the_session_and_refreshes_it", NO_OWN_HOSTS),
    e2e(&[Webkit], "two_hosts::a_sign_out_in_a_frame_is_shown_on_the_page_around_it", NO_OWN_HOSTS),
    e2e(&[Webkit], "two_hosts::a_sign_out_on_a_page_is_shown_in_its_frame_of_the_other_host", NO_OWN_HOSTS),
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
