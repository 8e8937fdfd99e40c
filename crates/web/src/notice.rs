//! Tells other tabs of the site that something happened to the session, and looks when they tell.
//!
//! A message names what happened and nothing else: what there is now, each tab reads in the store that all share. Where
//! the browser has no `BroadcastChannel`, tabs find out at their next request.

use std::{cell::Cell, rc::Rc};

use supertokens_session::{SessionClient, SessionEvent, WeakSessionClient};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;

/// Joins the tabs of this origin that use the same API, for as long as the client lives.
pub(crate) fn join(client: &SessionClient) {
    let name = format!("supertokens-session {}", client.config().api_domain());
    // It throws where storage is partitioned away, as in some sandboxed frames.
    let Ok(channel) = BroadcastChannel::new(&name) else { return };
    let is_told = Rc::new(Cell::new(false));
    let membership = Membership::new(channel, client.downgrade(), is_told.clone());
    client
        .on_event(move |event| {
            if !is_told.get() && concerns_all_tabs(event) {
                // One that is closed meanwhile tells nobody, who then find out at their next request.
                let _ = membership.channel.post_message(&JsValue::from_str(event.name()));
            }
        })
        .forget();
}

/// What another tab can see in the store.
fn concerns_all_tabs(event: &SessionEvent) -> bool {
    match event {
        SessionEvent::SessionCreated
        | SessionEvent::RefreshSession
        | SessionEvent::AccessTokenPayloadUpdated
        | SessionEvent::UserChanged
        | SessionEvent::SignOut
        | SessionEvent::Unauthorised { session_expired_or_revoked: true } => true,
        // Nothing has changed.
        _ => false,
    }
}

/// Leaves the channel when it is dropped, with the client.
struct Membership {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut()>,
}

impl Membership {
    fn new(channel: BroadcastChannel, client: WeakSessionClient, is_told: Rc<Cell<bool>>) -> Self {
        let on_message = Closure::new(move || {
            let (client, is_told) = (client.clone(), is_told.clone());
            spawn_local(async move {
                let Some(client) = client.upgrade() else { return };
                // What this look finds, the other tab has told everybody already.
                is_told.set(true);
                if let Err(error) = client.front_token().await {
                    log::warn!("another tab has changed the session, which can't be read: {error}");
                }
                is_told.set(false);
            });
        });
        channel.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        Self { channel, _on_message: on_message }
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
