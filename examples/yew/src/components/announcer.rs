use example_shared::text::{roles_announcement, status_announcement};
use supertokens_yew::{claims::roles, use_claim_value, use_session_status};
use yew::prelude::*;

use crate::hooks::use_announce;

#[derive(Properties, PartialEq)]
pub(crate) struct AnnouncerProps {
    pub(crate) announcement: AttrValue,
}

/// The live region of [`Announce`](crate::hooks::Announce). It also announces each change of the status and of the
/// user's roles after the start.
#[component]
pub(crate) fn Announcer(props: &AnnouncerProps) -> Html {
    let announce = use_announce();
    let (status, roles) = (use_session_status(), use_claim_value(roles()));
    let before = use_mut_ref(|| (status, roles.clone()));
    use_effect_with((status, roles), move |(status, roles)| {
        let (status_before, roles_before) = before.replace((*status, roles.clone()));
        let Some(announce) = announce else { return };
        if let Some(message) = status_announcement(status_before, *status) {
            announce.announce(message);
        }
        if let Some(message) = roles_announcement(roles_before.as_deref(), roles.as_deref()) {
            announce.announce(message);
        }
    });
    html! {
        <p class="visually-hidden" role="status" data-testid="announcer">{&props.announcement}</p>
    }
}
