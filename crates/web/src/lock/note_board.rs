//! What a [`Contender`](super::lease::Contender) stands on, in a page.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use futures_channel::oneshot::{self, Sender};
use futures_util::future::select;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageChannel, MessageEvent, MessagePort, Performance};

use super::lease::World;
use crate::{
    clock,
    page::{Blocked, Page},
    storage::LocalStorage,
    timer::sleep,
};

const QUESTION: &str = "who is there?";
const LEFT: &str = "left";
const ALIVE: &str = "here: ";

/// The notes of one lock in localStorage, and the channel by which its tabs ask each other.
pub(super) struct NoteBoard {
    storage: LocalStorage,
    prefix: String,
    voice: Option<Voice>,
    hops: OnceCell<Option<Hops>>,
    performance: Option<Performance>,
}

impl NoteBoard {
    pub(super) fn open(page: &Page, name: &str) -> Result<Self, Blocked> {
        Ok(Self {
            storage: LocalStorage::open(page)?,
            prefix: format!("st-lock-{name}/"),
            voice: Voice::new(&format!("st-lock-{name}")),
            hops: OnceCell::new(),
            performance: page.window().performance(),
        })
    }

    /// Whether nobody can be asked.
    pub(super) fn is_deaf(&self) -> bool {
        self.voice.is_none()
    }

    fn key(&self, note: &str) -> String {
        format!("{}{note}", self.prefix)
    }

    fn say(&self, what: &str) {
        if let Some(voice) = &self.voice {
            voice.say(what);
        }
    }
}

impl World for NoteBoard {
    fn notes(&self) -> Result<Vec<String>, Blocked> {
        self.storage.keys_after(&self.prefix)
    }

    fn put(&self, note: &str) -> Result<(), Blocked> {
        self.storage.set(&self.key(note), "1")?;
        if let Some(voice) = &self.voice {
            voice.ears.note.replace(Some(note.to_owned()));
        }
        Ok(())
    }

    fn take_away(&self, note: &str) {
        // Where it is refused, the note is one of a tab that does not answer.
        let _ = self.storage.remove(&self.key(note));
        if let Some(voice) = &self.voice {
            voice.ears.note.borrow_mut().take_if(|own| own == note);
        }
    }

    fn ask(&self) {
        self.say(QUESTION);
    }

    fn heard(&self) -> Vec<String> {
        self.voice.as_ref().map(|voice| voice.ears.alive.take()).unwrap_or_default()
    }

    fn say_left(&self) {
        self.say(LEFT);
    }

    fn now_ms(&self) -> f64 {
        self.performance.as_ref().map_or_else(|| clock::now_ms() as f64, Performance::now)
    }

    async fn sleep(&self, ms: u32) {
        sleep(ms).await;
    }

    async fn listen(&self, ms: u32) {
        match &self.voice {
            None => sleep(ms).await,
            Some(voice) => {
                let (wake, left) = oneshot::channel();
                voice.ears.wake.replace(Some(wake));
                select(left, sleep(ms)).await;
            }
        }
    }

    async fn hop(&self) {
        match self.hops.get_or_init(Hops::new) {
            Some(hops) => hops.hop().await,
            None => sleep(1).await,
        }
    }
}

/// What has been heard, and what is answered for.
#[derive(Default)]
struct Ears {
    note: RefCell<Option<String>>,
    alive: RefCell<Vec<String>>,
    wake: RefCell<Option<Sender<()>>>,
}

struct Voice {
    channel: BroadcastChannel,
    ears: Rc<Ears>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Voice {
    fn new(name: &str) -> Option<Self> {
        // Not there in old browsers, and it throws where storage is partitioned away.
        let channel = BroadcastChannel::new(name).ok()?;
        let ears = Rc::new(Ears::default());
        let on_message = Closure::new({
            let (channel, ears) = (channel.clone(), ears.clone());
            move |event: MessageEvent| {
                let Some(said) = event.data().as_string() else { return };
                if said == LEFT {
                    let _ = ears.wake.take().map(|wake| wake.send(()));
                } else if let Some(note) = said.strip_prefix(ALIVE) {
                    ears.alive.borrow_mut().push(note.to_owned());
                } else if said == QUESTION
                    && let Some(note) = &*ears.note.borrow()
                {
                    let _ = channel.post_message(&format!("{ALIVE}{note}").into());
                }
            }
        });
        channel.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        Some(Self { channel, ears, _on_message: on_message })
    }

    fn say(&self, what: &str) {
        // Nobody needs to hear it: all look by themselves too.
        let _ = self.channel.post_message(&what.into());
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// Messages to oneself, which come as tasks of their own and are never throttled.
struct Hops {
    out: MessagePort,
    into: MessagePort,
    next: Rc<RefCell<Option<Sender<()>>>>,
    _on_message: Closure<dyn FnMut()>,
}

impl Hops {
    fn new() -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let next = Rc::new(RefCell::new(None::<Sender<()>>));
        let on_message = Closure::new({
            let next = next.clone();
            move || {
                let _ = next.take().map(|next| next.send(()));
            }
        });
        let (out, into) = (channel.port1(), channel.port2());
        into.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        Some(Self { out, into, next, _on_message: on_message })
    }

    async fn hop(&self) {
        let (arrive, arrived) = oneshot::channel();
        self.next.replace(Some(arrive));
        match self.out.post_message(&JsValue::NULL) {
            Ok(()) => drop(arrived.await),
            Err(_) => sleep(1).await,
        }
    }
}

impl Drop for Hops {
    fn drop(&mut self) {
        self.into.set_onmessage(None);
        self.into.close();
        self.out.close();
    }
}
