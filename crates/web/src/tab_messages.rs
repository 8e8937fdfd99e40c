//! Sends session events to the other tabs of the site, and reads the store when another tab sends one.
//!
//! A message names the event and an epoch that identifies the new state. Each tab reads that state from the store that
//! all tabs share. The messages go over a `BroadcastChannel`. If the browser refuses it, tabs read the store when they
//! become visible and at their next request.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use supertokens_session::{
    SessionClient, SessionError, Subscription, WeakSessionClient, internal::TabMessage,
};
use wasm_bindgen::prelude::*;
use web_sys::BroadcastChannel;

use crate::{
    browser::{self, AbortOnDrop},
    listener::Listener,
    page::Page,
    spawn::spawn,
};

/// Connects a client with the other tabs of this origin that use the same API: it sends its events to them, and
/// receives theirs.
///
/// It is for clients with parts of the app's own, such as a [`Store`](supertokens_session::platform::Store).
/// [`session_client`](crate::session_client) and [`session_client_with`](crate::session_client_with) do it themselves.
/// For a client that has already joined, this does nothing.
///
/// A message names the event and holds no token. A tab that receives one reads its own store, so the stores of all tabs
/// must share their content. If the browser has no `BroadcastChannel`, only the clients of
/// this page get messages. If the user leaves the page
/// during a sign-out, the session ends in the store at once.
///
/// The page's clients of one API share a channel, and get each other's events directly, once. So they are not tabs to
/// each other, and other tabs get each event once.
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
    channel: Rc<Channel>,
    /// Its listener owns the channel too.
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
            joined.channel.clients.borrow_mut().retain(|known| known.upgrade() != client);
        }
    }
}

impl std::fmt::Debug for JoinedTabs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JoinedTabs")
    }
}

pub(crate) fn join(client: &SessionClient, page: &Page) -> JoinedTabs {
    let channel = Channel::of(client);
    if channel.clients.borrow().iter().any(|known| known.upgrade().as_ref() == Some(client)) {
        return JoinedTabs::default();
    }
    channel.clients.borrow_mut().retain(|known| known.upgrade().is_some());
    channel.clients.borrow_mut().push(client.downgrade());
    let (sender, sender_channel) = (client.downgrade(), channel.clone());
    let pagehide = on_pagehide(client, page);
    let subscription = client.on_event(move |event| {
        let _ = &pagehide;
        if let Some(client) = sender.upgrade()
            && let Some(message) = client.tab_message_of(event)
        {
            sender_channel.send(&client, &message.to_text());
        }
    });
    JoinedTabs(Some(Joined { client: client.downgrade(), channel, subscription }))
}

/// Ends the session of a sign-out that is under way when the user leaves the page.
fn on_pagehide(client: &SessionClient, page: &Page) -> Listener {
    let client = client.downgrade();
    Listener::new(page, "pagehide", move |_, _| {
        if let Some(client) = client.upgrade() {
            client.page_is_left();
        }
    })
}

thread_local! {
    /// The channels of this page.
    static CHANNELS: RefCell<Vec<Weak<Channel>>> = const { RefCell::new(Vec::new()) };
}

/// Connects the page's clients of one API with each other and with other tabs.
struct Channel {
    name: String,
    clients: RefCell<Vec<WeakSessionClient>>,
    /// `None` if the browser refuses it.
    to_other_tabs: Option<BroadcastChannel>,
    _abort: Option<AbortOnDrop>,
    _on_message: Closure<dyn FnMut(String)>,
}

impl Channel {
    /// The page's channel of the client's API.
    fn of(client: &SessionClient) -> Rc<Self> {
        let name = format!("supertokens-session {}", client.config().api_domain());
        CHANNELS.with_borrow_mut(|all| {
            all.retain(|channel| channel.strong_count() > 0);
            let known = all.iter().filter_map(Weak::upgrade).find(|channel| channel.name == name);
            known.unwrap_or_else(|| {
                let channel = Self::open(name);
                all.push(Rc::downgrade(&channel));
                channel
            })
        })
    }

    fn open(name: String) -> Rc<Self> {
        Rc::new_cyclic(|channel: &Weak<Self>| {
            let channel = channel.clone();
            let on_message = Closure::new(move |text: String| {
                if let Some(channel) = channel.upgrade() {
                    channel.deliver(None, &text);
                }
            });
            let abort = AbortOnDrop::new();
            let to_other_tabs = abort.as_ref().and_then(|abort| {
                let function = AsRef::<JsValue>::as_ref(&on_message).unchecked_ref();
                browser::open_channel(&name, function, &abort.abort)
            });
            Self { name, clients: RefCell::default(), to_other_tabs, _abort: abort, _on_message: on_message }
        })
    }

    fn send(&self, sender: &SessionClient, text: &str) {
        if let Some(channel) = &self.to_other_tabs {
            // It fails on a closed channel. Then other tabs read the store when they become visible.
            let _ = channel.post_message(&JsValue::from_str(text));
        }
        self.deliver(Some(sender), text);
    }

    /// Gives a message to the clients of this page, but not to its sender.
    fn deliver(&self, sender: Option<&SessionClient>, text: &str) {
        for client in self.clients.borrow().iter().filter_map(WeakSessionClient::upgrade) {
            if sender == Some(&client) {
                continue;
            }
            let message = TabMessage::read(text);
            spawn(Box::pin(async move {
                if let Err(error) = client.receive_tab_message(&message).await {
                    log::warn!("another tab changed the session, but the store can't be read: {error}");
                }
            }));
        }
    }
}
