//! Cases in a browser that the layers for Leptos and Yew share, with a platform in memory.
//!
//! A case describes its app as a `Site`. Each layer's tests implement `Framework`, which shows a site, and call
//! `for_framework!` to run all cases.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod another_user;
mod back_forward_cache;
mod devtools;
mod flashes;
mod gates;
mod guards;
mod lifecycle;
mod live_claims;
mod login_page;
mod on_session_expired;
mod page_events;
mod provider;
mod rejected_claims;
mod requirements;
mod return_address;
mod return_address_characters;
mod router_base;
mod routing;
mod session_events;
mod setup_warnings;
mod signals;
mod signing_out;
mod site;
mod step_up;
mod support;

pub use site::{
    CONTEXT, Contract, FALLBACK, Framework, Guarded, Profile, Requirement, Route, SECRET, Site, Value, View,
};
pub(crate) use site::{guarded, open_guarded};
pub use support::{
    Backend, NOW_MS, Page, Probe, Response, SessionHandle, Visibility, dispatch, dispatch_from_cache,
    document, history_length, link_to, microtask, microtasks, origin, path, settle, window,
};

/// Lists the cases. The compiler warns about a case that is not in the list.
macro_rules! cases {
    ($dollar:tt $($module:ident { $($case:ident)* })*) => {
        /// What [`for_framework!`] calls.
        #[doc(hidden)]
        #[allow(missing_docs)]
        pub mod list {
            $(
                pub mod $module {
                    $(
                        pub async fn $case<F: $crate::Framework>() {
                            $crate::$module::$case::<F>().await;
                        }
                    )*
                }
            )*
        }

        /// Makes a test of each case, for a [`Framework`].
        #[macro_export]
        macro_rules! for_framework {
            ($dollar framework:ty) => {
                $(
                    mod $module {
                        $(
                            #[wasm_bindgen_test::wasm_bindgen_test]
                            async fn $case() {
                                browser_cases::list::$module::$case::<$dollar framework>().await;
                            }
                        )*
                    }
                )*
            };
        }
    };
}

cases! {
    $
    another_user {
        another_user_gets_new_guarded_views_and_gates
        another_user_from_another_tab_gets_new_views
        another_user_gets_a_new_parent_route_and_child_routes
        another_user_gets_a_new_denied_view
        a_refresh_rebuilds_views_only_when_the_user_changes
        the_claims_of_another_user_are_fetched_before_the_view_is_shown
    }
    back_forward_cache {
        a_page_in_the_cache_is_covered_and_stays_hidden_after_a_sign_out
        pageshow_alone_covers_the_page
        with_a_session_the_page_is_unchanged_before_the_next_paint
        a_lost_role_hides_the_view
        the_cover_restores_the_pages_own_style
        an_unmounted_page_removes_its_cover
        a_page_that_is_loading_shows_the_fallback
    }
    devtools {
        it_shows_the_user_the_expiry_and_the_lock
        a_sign_out_changes_the_status_and_gives_the_reason
        a_revoked_session_and_a_missing_one_have_other_reasons
        an_unreachable_backend_is_shown_with_the_error
        events_are_listed_from_the_start_of_the_page
        the_expiry_counts_down_while_the_panel_is_open
        no_token_is_ever_in_the_page_in_cookie_mode_and_in_header_mode
        a_button_opens_the_panel_and_escape_closes_it
        its_style_is_its_own_and_is_removed_with_it
    }
    flashes {
        the_view_is_hidden_while_the_session_is_loading
        the_view_is_shown_after_a_user_is_signed_in
        the_view_is_hidden_without_a_session
        the_view_is_hidden_while_the_backend_is_unreachable
        the_view_is_hidden_without_the_role
        the_view_is_hidden_during_a_step_up_redirect
        the_view_is_hidden_if_a_condition_fails
        the_view_is_shown_after_a_due_claim_is_valid
        the_view_is_hidden_if_a_due_claim_is_invalid
        a_claims_age_is_counted_by_the_servers_clock
    }
    gates {
        each_status_shows_its_own_gate
        an_unreachable_backend_shows_the_loading_views
        a_signed_in_user_never_sees_a_fallback_while_the_page_loads
        a_later_network_failure_changes_no_gate
    }
    guards {
        a_signed_in_user_sees_the_view
        the_fallback_is_shown_and_no_view_is_built_while_loading
        a_redirect_to_login_has_the_return_address_and_replaces_history
        a_first_visit_checks_for_a_session_once_and_redirects_to_login
        an_unreachable_backend_shows_a_retry_button_and_never_the_login_page
        a_session_that_ends_later_redirects_to_login
        refreshes_payloads_and_rechecks_never_rebuild_the_view
        a_parent_route_guards_its_children_and_shares_its_contexts
        a_guarded_login_page_shows_an_error_and_does_not_loop
    }
    lifecycle {
        a_burst_of_page_events_causes_one_read_and_no_request
        each_page_event_causes_a_read
        a_page_event_retries_an_unreachable_backend_at_once
        a_burst_of_page_events_causes_one_attempt
        without_page_events_attempts_follow_the_backoff
        a_hidden_page_makes_no_attempt_until_it_is_visible
        a_visible_page_refreshes_ahead_and_rebuilds_nothing
        a_hidden_page_refreshes_when_it_is_visible_again
        without_the_setting_the_page_does_not_refresh_ahead
        an_unmounted_app_leaves_no_listener_and_reads_nothing
    }
    live_claims {
        a_guard_follows_each_payload_at_once
        the_denied_view_gets_the_reasons_of_the_last_decision
        typed_text_survives_refreshes_new_payloads_and_rechecks
        a_guard_follows_a_changed_requirement_and_builds_nothing_if_it_is_still_fulfilled
        the_claims_of_a_changed_requirement_are_fetched_before_the_view_is_shown
        an_equal_requirement_that_is_created_again_fetches_no_claims_again
        a_claim_that_becomes_due_is_fetched_while_the_view_stays
        gates_follow_the_payload_and_build_only_what_changes
    }
    login_page {
        guards_redirect_to_the_login_page_of_the_settings
        the_providers_login_prop_overrides_the_settings
    }
    on_session_expired {
        it_is_called_once_before_the_redirect
        it_is_not_called_after_a_sign_out_or_without_a_shown_view
    }
    page_events {
        a_sign_out_in_another_tab_hides_the_view_before_the_next_paint
        a_lost_role_hides_the_view
        a_page_event_during_the_first_check_decides_nothing
        a_read_at_the_same_time_does_not_lose_the_sign_out_reason
    }
    provider {
        a_stored_session_is_known_without_a_request
        a_stored_sign_out_is_known_without_a_request
        the_status_is_loading_until_the_backend_responds
        a_client_without_a_page_is_unreachable_only_after_the_first_view
        an_expired_token_is_refreshed_once
        a_rejected_refresh_ends_the_session
        a_network_failure_does_not_sign_out_and_a_recheck_recovers
        a_refresh_500_does_not_sign_out
        during_a_backoff_the_status_is_unreachable_and_no_request_is_sent
        signing_out_sets_the_status_and_its_reason
        signing_out_offline_ends_the_session_in_this_browser_and_sets_the_error
        an_invalid_setting_is_shown_in_place_of_the_app
        only_children_get_the_session
        a_response_after_the_provider_is_dropped_does_not_panic
        the_page_is_intercepted_while_the_provider_exists
    }
    rejected_claims {
        a_403_that_names_claims_fetches_them_while_the_view_stays
        a_403_of_the_app_changes_nothing
        a_rejected_claim_fetch_is_not_repeated_in_a_loop
        an_unreachable_backend_does_not_remove_the_view
        a_claim_fetch_without_a_response_shows_a_retry_button_that_works
        a_claim_endpoint_that_is_down_does_not_deny_access
        a_claim_endpoint_that_responds_without_the_claim_denies_access
    }
    requirements {
        allows_is_none_until_the_session_is_known_and_false_without_access
        allows_notifies_only_when_its_value_changes
        a_claims_age_is_checked_once_and_not_as_time_passes
        denied_gives_the_reasons_and_follows_the_requirement
        a_claim_value_is_typed_and_notifies_only_when_it_changes
        ready_waits_for_the_first_known_status
        ready_after_the_provider_is_dropped_does_not_panic
        ready_resolves_when_the_backend_is_unreachable
    }
    return_address {
        after_sign_in_the_user_returns_with_query_and_fragment
        a_signed_in_user_leaves_the_login_page_at_once
        unsafe_addresses_give_the_default
    }
    return_address_characters {
        users_return_to_exactly_the_page_whatever_characters_its_url_has
    }
    router_base {
        the_login_page_is_below_the_base_and_users_return_to_exactly_the_page
        a_path_that_begins_with_the_base_stays_the_same
        a_step_up_page_is_below_the_base
        the_default_return_address_is_below_the_base
        a_return_address_without_the_base_gets_it_and_is_checked_again
        the_login_path_of_the_settings_is_below_the_base
        a_guarded_login_page_below_the_base_shows_an_error
        without_a_base_paths_stay_the_same
    }
    routing {
        params_and_queries_reach_the_view_and_their_change_builds_no_parent
        the_return_address_has_path_query_and_fragment
        each_nested_guard_checks_its_own_requirement
        a_parent_that_loses_access_is_cleaned_up_and_rebuilt_later
        a_session_that_ends_below_two_guards_causes_one_redirect
        a_click_on_a_link_to_the_page_does_not_stop_its_redirect
        below_a_base_users_return_from_login_and_step_up
    }
    session_events {
        on_event_gets_every_event_from_the_start
    }
    setup_warnings {
        an_api_that_responds_with_a_web_page_is_reported_in_the_console_and_on_the_page
        a_network_failure_writes_no_warning_and_the_page_shows_the_cause
        a_sign_in_with_an_unexposed_front_token_is_reported_in_the_console
        an_invalid_front_token_is_reported_in_the_console
        a_payload_that_does_not_fit_its_type_is_named_once_in_the_console
    }
    signals {
        a_refresh_without_changes_runs_no_reader
        a_changed_payload_runs_only_its_readers
        a_payload_that_does_not_deserialize_differs_from_no_payload
        each_error_notifies_even_if_it_equals_the_last
        a_refresh_that_changes_nothing_renders_nothing
        the_handle_of_the_session_renders_nothing
    }
    signing_out {
        a_sign_out_stores_no_return_address_and_the_next_user_starts_at_the_default
        an_offline_sign_out_stores_no_return_address
        a_sign_out_in_another_tab_stores_no_return_address
        an_expired_or_revoked_session_stores_the_return_address
        a_page_opened_after_the_sign_out_is_the_return_address
    }
    step_up {
        a_failed_claim_redirects_to_its_step_up_page_and_back
        a_claim_that_fails_later_redirects_too
        the_return_address_survives_the_login_page_and_two_step_up_pages
        a_session_that_ends_on_a_step_up_page_does_not_lose_the_return_address
        the_current_page_is_not_a_return_address
        a_step_up_redirect_to_the_same_page_or_another_origin_denies_access
        a_claim_that_becomes_valid_on_the_page_builds_the_view_once
        a_step_up_page_below_its_own_guard_denies_access
        two_pages_that_redirect_to_each_other_are_stopped
        global_validators_are_required_unless_a_route_disables_them
        the_login_page_leads_over_the_page_of_each_missing_factor_and_then_back
    }
}
