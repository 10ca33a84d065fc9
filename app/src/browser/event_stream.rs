//! A stream of server-sent events, for as long as somebody looks at the page.
//!
//! A browser gives one server six connections at a time without HTTP/2, for all of its tabs together. So a tab that nobody
//! sees holds none, and goes on from where it was when it is seen again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Event, EventSource, MessageEvent};

use std::time::Duration;

/// After so long a stream that the server ended is asked for again.
const PAUSE: Duration = Duration::from_secs(20);

/// What the stream is about, and what is done with it.
pub trait Listener: 'static {
    /// Where the stream is, from what is known now.
    fn address(&self) -> Option<String>;
    /// An event came.
    fn told(&self, data: &str);
    /// The session has ended, and with it the stream: `data` says why.
    fn ended(&self, data: &str);
    /// The server gives no stream at all.
    fn refused(&self);
}

/// The stream, until it is dropped.
pub struct EventStream {
    inner: Rc<Inner>,
    seen: Closure<dyn FnMut()>,
}

struct Inner {
    listener: Box<dyn Listener>,
    open: RefCell<Option<Open>>,
    again: Cell<Option<TimeoutHandle>>,
    over: Cell<bool>,
}

/// One connection.
struct Open {
    source: EventSource,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _ended: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

/// The event that says that the session has ended.
const ENDED: &str = "ended";

impl EventStream {
    /// Listens from now on.
    pub fn new(listener: impl Listener) -> Self {
        let inner = Rc::new(Inner {
            listener: Box::new(listener),
            open: RefCell::default(),
            again: Cell::new(None),
            over: Cell::new(false),
        });
        let of_sight = Rc::downgrade(&inner);
        let seen = Closure::new(move || {
            if let Some(inner) = of_sight.upgrade() {
                inner.follow_sight();
            }
        });
        if let Some(document) = document() {
            let _ =
                document.add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
        }
        inner.follow_sight();
        Self { inner, seen }
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.inner.over.set(true);
        self.inner.close();
        if let Some(document) = document() {
            let _ = document
                .remove_event_listener_with_callback("visibilitychange", self.seen.as_ref().unchecked_ref());
        }
    }
}

impl Inner {
    fn follow_sight(self: &Rc<Self>) {
        if document().is_some_and(|document| document.hidden()) {
            self.close();
        } else if self.open.borrow().is_none() {
            self.begin();
        }
    }

    fn begin(self: &Rc<Self>) {
        self.close();
        if self.over.get() {
            return;
        }
        let Some(source) = self.listener.address().and_then(|address| EventSource::new(&address).ok()) else {
            return;
        };
        let told = Rc::downgrade(self);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(inner), Some(data)) = (told.upgrade(), event.data().as_string()) {
                inner.listener.told(&data);
            }
        });
        let over = Rc::downgrade(self);
        let ended = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Nothing more comes, and the browser need not ask. It is dropped by whoever hears of the end.
            if let Some(source) = event.target().and_then(|target| target.dyn_into::<EventSource>().ok()) {
                source.close();
            }
            if let (Some(inner), Some(data)) = (over.upgrade(), event.data().as_string()) {
                inner.listener.ended(&data);
            }
        });
        let failed = Rc::downgrade(self);
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // A lost connection is opened again by the browser itself; only a refusal ends here.
            let source = event.target().and_then(|target| target.dyn_into::<EventSource>().ok());
            if source.is_some_and(|source| source.ready_state() == EventSource::CLOSED)
                && let Some(inner) = failed.upgrade()
            {
                inner.refused();
            }
        });
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        let _ = source.add_event_listener_with_callback(ENDED, ended.as_ref().unchecked_ref());
        *self.open.borrow_mut() = Some(Open { source, _message: message, _ended: ended, _error: error });
    }

    fn refused(self: &Rc<Self>) {
        self.listener.refused();
        let later = Rc::downgrade(self);
        let begin = move || {
            // What is running now is dropped only by what runs later.
            if let Some(inner) = later.upgrade() {
                inner.close();
                inner.follow_sight();
            }
        };
        self.again.set(set_timeout_with_handle(begin, PAUSE).ok());
    }

    fn close(&self) {
        if let Some(again) = self.again.take() {
            again.clear();
        }
        if let Some(open) = self.open.borrow_mut().take() {
            open.source.set_onmessage(None);
            open.source.set_onerror(None);
            open.source.close();
        }
    }
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}
