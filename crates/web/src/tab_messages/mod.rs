//! Sends session events to the other tabs of the site, and reads the store when another tab sends one.
//!
//! A message names the event and an epoch that identifies the new state. Each tab reads that state from the store that
//! all tabs share. The messages go over a `BroadcastChannel`, or over localStorage if the browser has no channels. If
//! it refuses both, tabs read the store when they become visible and at their next request.

mod channel;
mod storage;

use std::{cell::RefCell, rc::Rc};

use channel::Channel;
use storage::StorageEvents;
use supertokens_session::{SessionClient, SessionError, Subscription, TabMessage, WeakSessionClient};
use wasm_bindgen_futures::spawn_local;

use crate::{listener::Listener, page::Page};

/// Connects a client with the other tabs of this origin that use the same API: it sends its events to them, and
/// receives theirs.
///
/// It is for clients with parts of the app's own, such as a [`Store`](supertokens_session::platform::Store).
/// [`session_client`](crate::session_client) and [`session_client_with`](crate::session_client_with) do it themselves.
/// For a client that has already joined, this does nothing.
///
/// A message names the event and holds no token. A tab that receives one reads its own store, so the stores of all tabs
/// must share their content. If the browser allows neither `BroadcastChannel` nor localStorage, no message is sent. If
/// the user leaves the page during a sign-out, the session ends in the store at once.
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
/// [`SessionError::NotInBrowser`] if there is no page, such as on a server.
pub fn join_tabs(client: &SessionClient) -> Result<JoinedTabs, SessionError> {
    Ok(join(client, &Page::current()?))
}

/// Connects a client with other tabs, and with the `pagehide` of its page, until it is dropped: see [`join_tabs`]. If a
/// client joins twice, only the first value connects it.
#[must_use = "the client leaves the other tabs when this is dropped; `forget` keeps it connected"]
#[derive(Default)]
pub struct JoinedTabs(Option<Joined>);

struct Joined {
    client: WeakSessionClient,
    /// Its listener owns the transport.
    subscription: Subscription,
}

impl JoinedTabs {
    /// Keeps the client connected until the client is dropped.
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
    /// The connected clients. A client that joins twice would receive its own messages.
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
    let receiver = client.downgrade();
    let on_message = move |text: String| {
        let receiver = receiver.clone();
        spawn_local(async move {
            let Some(client) = receiver.upgrade() else { return };
            if let Err(error) = client.receive_tab_message(&TabMessage::read(&text)).await {
                log::warn!("another tab changed the session, but the store can't be read: {error}");
            }
        });
    };
    let transport = TabTransport::open(page, &name, on_message);
    let sender = client.downgrade();
    let pagehide = on_pagehide(client, page);
    let subscription = client.on_event(move |event| {
        let _ = &pagehide;
        if let Some(transport) = &transport
            && let Some(message) = sender.upgrade().and_then(|client| client.tab_message_of(event))
        {
            transport.send(&message.to_text());
        }
    });
    JOINED.with_borrow_mut(|all| all.push(client.downgrade()));
    JoinedTabs(Some(Joined { client: client.downgrade(), subscription }))
}

/// Ends the session of a sign-out that is under way when the user leaves the page.
fn on_pagehide(client: &SessionClient, page: &Page) -> Listener {
    let client = client.downgrade();
    Listener::new(page.window(), "pagehide", move |_| {
        if let Some(client) = client.upgrade() {
            client.page_is_left();
        }
    })
}

type OnMessage = Rc<dyn Fn(String)>;

/// The transport of messages between tabs. It is dropped with the client.
enum TabTransport {
    Channel(Channel),
    Storage(StorageEvents),
}

impl TabTransport {
    /// `None` if the browser refuses both.
    fn open(page: &Page, name: &str, on_message: impl Fn(String) + 'static) -> Option<Self> {
        let on_message: OnMessage = Rc::new(on_message);
        match Channel::open(name, on_message.clone()) {
            Some(channel) => Some(Self::Channel(channel)),
            None => StorageEvents::open(page, name, on_message).map(Self::Storage),
        }
    }

    fn send(&self, text: &str) {
        match self {
            Self::Channel(channel) => channel.send(text),
            Self::Storage(storage) => storage.send(text),
        }
    }
}
