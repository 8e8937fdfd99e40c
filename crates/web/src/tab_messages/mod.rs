//! Tells other tabs of the site that something happened to the session, and looks when they tell.
//!
//! A notice names what happened, and what tells the state it led to from all others; what there is now, each tab reads
//! in the store that all share. It goes over a `BroadcastChannel`, or over localStorage where there is none. Where
//! that is refused as well, tabs look when they come to the front, and at their next request.

mod channel;
mod storage;

use std::{cell::RefCell, rc::Rc};

use channel::Channel;
use storage::StorageEvents;
use supertokens_session::{SessionClient, SessionError, Subscription, TabMessage, WeakSessionClient};
use wasm_bindgen_futures::spawn_local;

use crate::{listener::Listener, page::Page};

/// Lets a client send its events to the other tabs of this origin that use the same API, and listen to theirs.
///
/// It is for clients with parts of the app's own, such as a [`Store`](supertokens_session::platform::Store).
/// [`session_client`](crate::session_client) and [`session_client_with`](crate::session_client_with) do it themselves; a
/// client that has already joined stays as it is.
///
/// A message says what happened and holds no token. A tab that gets one reads its own store, so the stores of all tabs
/// have to share what they hold. Where the browser allows neither `BroadcastChannel` nor localStorage, nothing is sent.
/// A sign-out that is under way when the page is left ends the session in the store at once.
///
/// ```no_run
/// use std::rc::Rc;
/// use supertokens_session::{SessionClient, SessionConfig, SessionError, platform::{Platform, Store}};
///
/// fn client(config: SessionConfig, store: Rc<dyn Store>) -> Result<SessionClient, SessionError> {
///     let platform = Platform { store, ..supertokens_web::platform(&config)? };
///     let client = SessionClient::new(config, platform);
///     supertokens_web::join_tabs(&client)?.forget();
///     Ok(client)
/// }
/// ```
///
/// # Errors
/// [`SessionError::NotInBrowser`] where there is no page, such as on a server.
pub fn join_tabs(client: &SessionClient) -> Result<JoinedTabs, SessionError> {
    Ok(join(client, &Page::current()?))
}

/// Connects a client with other tabs, and with the end of its page, until it is dropped: see [`join_tabs`]. Of a client
/// that joins twice the first one counts; the others do nothing.
#[must_use = "the client leaves the other tabs when this is dropped; `forget` keeps it among them"]
#[derive(Default)]
pub struct JoinedTabs(Option<Joined>);

struct Joined {
    client: WeakSessionClient,
    /// It owns the line.
    subscription: Subscription,
}

impl JoinedTabs {
    /// Keeps the client among the tabs for as long as it lives.
    pub fn forget(mut self) {
        if let Some(joined) = self.0.take() {
            joined.subscription.forget();
        }
    }
}

impl Drop for JoinedTabs {
    fn drop(&mut self) {
        if let Some(joined) = self.0.take() {
            let client = joined.client.upgrade();
            JOINED.with_borrow_mut(|all| all.retain(|known| known.upgrade() != client));
        }
    }
}

impl std::fmt::Debug for JoinedTabs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JoinedTabs")
    }
}

thread_local! {
    /// A client that joins twice would get its own messages back.
    static JOINED: RefCell<Vec<WeakSessionClient>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn join(client: &SessionClient, page: &Page) -> JoinedTabs {
    let has_joined = JOINED.with_borrow_mut(|all| {
        all.retain(|known| known.upgrade().is_some());
        all.iter().any(|known| known.upgrade().as_ref() == Some(client))
    });
    if has_joined {
        return JoinedTabs::default();
    }
    let name = format!("supertokens-session {}", client.config().api_domain());
    let listener = client.downgrade();
    let on_message = move |text: String| {
        let listener = listener.clone();
        spawn_local(async move {
            let Some(client) = listener.upgrade() else { return };
            if let Err(error) = client.receive_tab_message(&TabMessage::read(&text)).await {
                log::warn!("another tab has changed the session, which can't be read: {error}");
            }
        });
    };
    let line = Line::open(page, &name, on_message);
    let teller = client.downgrade();
    let pagehide = leaving(client, page);
    let subscription = client.on_event(move |event| {
        let _ = &pagehide;
        if let Some(line) = &line
            && let Some(notice) = teller.upgrade().and_then(|client| client.tab_message_of(event))
        {
            line.tell(&notice.to_text());
        }
    });
    JOINED.with_borrow_mut(|all| all.push(client.downgrade()));
    JoinedTabs(Some(Joined { client: client.downgrade(), subscription }))
}

/// A sign-out under way ends the session when its page is left.
fn leaving(client: &SessionClient, page: &Page) -> Listener {
    let client = client.downgrade();
    Listener::new(page.window(), "pagehide", move |_| {
        if let Some(client) = client.upgrade() {
            client.page_is_left();
        }
    })
}

type OnMessage = Rc<dyn Fn(String)>;

/// How tabs hear of each other. Dropped with the client, which leaves it.
enum Line {
    Channel(Channel),
    Storage(StorageEvents),
}

impl Line {
    /// None where the browser refuses all there is.
    fn open(page: &Page, name: &str, on_message: impl Fn(String) + 'static) -> Option<Self> {
        let on_message: OnMessage = Rc::new(on_message);
        match Channel::open(name, on_message.clone()) {
            Some(channel) => Some(Self::Channel(channel)),
            None => StorageEvents::open(page, name, on_message).map(Self::Storage),
        }
    }

    fn tell(&self, text: &str) {
        match self {
            Self::Channel(channel) => channel.tell(text),
            Self::Storage(storage) => storage.tell(text),
        }
    }
}
