//! Tells other tabs of the site that something happened to the session, and looks when they tell.
//!
//! A notice names what happened, and what tells the state it led to from all others; what there is now, each tab reads
//! in the store that all share. It goes over a `BroadcastChannel`, or over localStorage where there is none. Where
//! that is refused as well, tabs look when they come to the front, and at their next request.

mod channel;
mod storage;

use std::rc::Rc;

use channel::Channel;
use storage::StorageEvents;
use supertokens_session::{Notice, SessionClient};
use wasm_bindgen_futures::spawn_local;

use crate::page::Page;

/// Joins the tabs of this origin that use the same API, for as long as the client lives.
pub(crate) fn join(client: &SessionClient, page: &Page) {
    let name = format!("supertokens-session {}", client.config().api_domain());
    let listener = client.downgrade();
    let on_notice = move |text: String| {
        let listener = listener.clone();
        spawn_local(async move {
            let Some(client) = listener.upgrade() else { return };
            if let Err(error) = client.hear(&Notice::read(&text)).await {
                log::warn!("another tab has changed the session, which can't be read: {error}");
            }
        });
    };
    let Some(line) = Line::open(page, &name, on_notice) else { return };
    let teller = client.downgrade();
    client
        .on_event(move |event| {
            if let Some(notice) = teller.upgrade().and_then(|client| client.notice_of(event)) {
                line.tell(&notice.to_text());
            }
        })
        .forget();
}

type OnNotice = Rc<dyn Fn(String)>;

/// How tabs hear of each other. Dropped with the client, which leaves it.
enum Line {
    Channel(Channel),
    Storage(StorageEvents),
}

impl Line {
    /// None where the browser refuses all there is.
    fn open(page: &Page, name: &str, on_notice: impl Fn(String) + 'static) -> Option<Self> {
        let on_notice: OnNotice = Rc::new(on_notice);
        match Channel::open(name, on_notice.clone()) {
            Some(channel) => Some(Self::Channel(channel)),
            None => StorageEvents::open(page, name, on_notice).map(Self::Storage),
        }
    }

    fn tell(&self, text: &str) {
        match self {
            Self::Channel(channel) => channel.tell(text),
            Self::Storage(storage) => storage.tell(text),
        }
    }
}
