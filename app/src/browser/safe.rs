//! Unsaved words, kept in this browser at every keystroke, encrypted (AES-GCM, WebCrypto) in its IndexedDB. The key comes
//! from the server, to a signed-in page alone, and lives in the memory of that page, from where nothing can take it out.
//!
//! Each page that writes has a record of its own, so that two of them never write over each other. What cannot be opened is
//! somebody else's and stays theirs; signing out clears it all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, JsString, Object, Promise, Reflect, Uint8Array};
use model::draft::Draft;
use model::uid::MessageKey;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Crypto, CryptoKey, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

use crate::contract::mail::LocalKey;

/// The name of the database, and of its one store.
const DATABASE: &str = "pennypost";
const STORE: &str = "drafts";

/// Where a page finds the record that it had before it was loaded anew. It is the record's name, and nothing of what is in it.
const OWN: &str = "pennypost-draft";

/// Bytes of a nonce, which stand before what is encrypted (NIST SP 800-38D §8.2).
const NONCE: usize = 12;

const ALGORITHM: &str = "AES-GCM";

/// What is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// The words.
    pub draft: Draft,
    /// The older draft on the mail server that they stand for.
    pub replaces: Option<MessageKey>,
    /// Whether they are newer than that.
    pub unsaved: bool,
    /// When they were written, in seconds since 1970-01-01 00:00 UTC.
    pub at: i64,
}

/// The safe of one page. Cloning gives another handle.
#[derive(Clone)]
pub struct Safe(Rc<Inner>);

struct Inner {
    lock: Lock,
    database: IdbDatabase,
    /// The record of this page.
    name: String,
    /// What is to be done next; what came before it and was not begun needs not be done any more.
    next: RefCell<Option<Change>>,
    busy: Cell<bool>,
}

enum Change {
    Keep(Box<Kept>),
    Forget,
}

struct Lock {
    crypto: Crypto,
    key: CryptoKey,
}

impl Safe {
    /// Opens the safe.
    ///
    /// # Errors
    /// When the browser has none, as in some private windows, or gives no cryptography, as over plain HTTP.
    pub async fn open(key: &LocalKey) -> Result<Self, JsValue> {
        let lock = Lock::new(key).await?;
        let name = lock.chance()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let database = database().await?;
        Ok(Self(Rc::new(Inner { lock, database, name, next: RefCell::default(), busy: Cell::new(false) })))
    }

    /// Keeps this from now on.
    pub fn keep(&self, kept: Kept) {
        self.change(Change::Keep(Box::new(kept)));
    }

    /// Forgets what this page kept.
    pub fn forget(&self) {
        self.change(Change::Forget);
    }

    /// What this page had before it was loaded anew, else the newest that some page did not save, as from before a crash.
    /// It is kept under the name of this page from now on.
    pub async fn take_up(&self) -> Option<Kept> {
        let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
        let own = storage.as_ref().and_then(|storage| storage.get_item(OWN).ok().flatten());
        if let Some(storage) = storage {
            let _ = storage.set_item(OWN, &self.0.name);
        }
        let mut best: Option<(String, Kept)> = None;
        for (name, kept) in self.0.all().await.unwrap_or_default() {
            let is_own = own.as_deref() == Some(name.as_str());
            if !is_own && !kept.unsaved {
                let _ = self.0.remove(&name).await;
                continue;
            }
            let is_better = best.as_ref().is_none_or(|(best, other)| {
                is_own || (own.as_deref() != Some(best.as_str()) && kept.at > other.at)
            });
            if is_better {
                best = Some((name, kept));
            }
        }
        let (name, kept) = best?;
        // First the new record, then not the old one: whatever happens in between, the words are there.
        self.0.put(&kept).await.ok()?;
        let _ = self.0.remove(&name).await;
        Some(kept)
    }

    /// One after another, so that nothing older is written over something newer.
    fn change(&self, change: Change) {
        *self.0.next.borrow_mut() = Some(change);
        if self.0.busy.replace(true) {
            return;
        }
        let inner = self.0.clone();
        leptos::task::spawn_local(async move {
            loop {
                let Some(change) = inner.next.borrow_mut().take() else { break };
                // A browser that has no room has none for the next word either; the mail server has them in two seconds.
                let _ = match change {
                    Change::Keep(kept) => inner.put(&kept).await,
                    Change::Forget => inner.remove(&inner.name).await,
                };
            }
            inner.busy.set(false);
        });
    }
}

impl Inner {
    fn store(&self, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
        self.database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
    }

    async fn put(&self, kept: &Kept) -> Result<(), JsValue> {
        let words = serde_json::to_vec(kept).map_err(|_| JsValue::NULL)?;
        let sealed = self.lock.seal(&words).await?;
        let store = self.store(IdbTransactionMode::Readwrite)?;
        done(&store.put_with_key(&sealed, &JsValue::from_str(&self.name))?).await.map(drop)
    }

    async fn remove(&self, name: &str) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        done(&store.delete(&JsValue::from_str(name))?).await.map(drop)
    }

    /// Every record that this key opens.
    async fn all(&self) -> Result<Vec<(String, Kept)>, JsValue> {
        let store = self.store(IdbTransactionMode::Readonly)?;
        // Both are asked before either is waited for: a transaction that has nothing to do ends.
        let (names, values) = (store.get_all_keys()?, store.get_all()?);
        let names: Array = done(&names).await?.dyn_into()?;
        let values: Array = done(&values).await?.dyn_into()?;
        let mut all = Vec::new();
        for (name, sealed) in names.iter().zip(values.iter()) {
            let Some(words) = self.lock.open(&sealed).await else { continue };
            if let (Some(name), Ok(kept)) = (name.as_string(), serde_json::from_slice(&words)) {
                all.push((name, kept));
            }
        }
        Ok(all)
    }
}

impl Lock {
    async fn new(key: &LocalKey) -> Result<Self, JsValue> {
        let crypto = web_sys::window().ok_or(JsValue::NULL)?.crypto()?;
        let bytes = Uint8Array::from(key.0.as_slice());
        let usages = Array::of2(&JsString::from("encrypt"), &JsString::from("decrypt"));
        let imported = crypto.subtle().import_key_with_str("raw", &bytes, ALGORITHM, false, &usages)?;
        // The key itself stays nowhere but in what the browser made of it.
        bytes.fill(0, 0, bytes.length());
        Ok(Self { key: imported.await?.dyn_into()?, crypto })
    }

    fn chance(&self) -> Result<[u8; NONCE], JsValue> {
        let mut bytes = [0; NONCE];
        self.crypto.get_random_values_with_u8_array(&mut bytes)?;
        Ok(bytes)
    }

    async fn seal(&self, words: &[u8]) -> Result<Uint8Array, JsValue> {
        let nonce = self.chance()?;
        let subtle = self.crypto.subtle();
        let sealed = subtle.encrypt_with_object_and_u8_array(&parameters(&nonce)?, &self.key, words)?;
        let sealed = Uint8Array::new(&sealed.await?);
        let whole = Uint8Array::new_with_length(sealed.length().saturating_add(NONCE as u32));
        whole.set(&Uint8Array::from(nonce.as_slice()), 0);
        whole.set(&sealed, NONCE as u32);
        Ok(whole)
    }

    async fn open(&self, sealed: &JsValue) -> Option<Vec<u8>> {
        let whole = sealed.dyn_ref::<Uint8Array>()?.to_vec();
        let (nonce, sealed) = whole.split_at_checked(NONCE)?;
        let subtle = self.crypto.subtle();
        let opened =
            subtle.decrypt_with_object_and_u8_array(&parameters(nonce).ok()?, &self.key, sealed).ok()?;
        Some(Uint8Array::new(&opened.await.ok()?).to_vec())
    }
}

fn parameters(nonce: &[u8]) -> Result<Object, JsValue> {
    let parameters = Object::new();
    Reflect::set(&parameters, &JsValue::from_str("name"), &JsValue::from_str(ALGORITHM))?;
    Reflect::set(&parameters, &JsValue::from_str("iv"), &Uint8Array::from(nonce))?;
    Ok(parameters)
}

async fn database() -> Result<IdbDatabase, JsValue> {
    let factory = web_sys::window().ok_or(JsValue::NULL)?.indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opening = request.clone();
    let made = Closure::<dyn FnMut()>::new(move || {
        if let Some(database) = opening.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok())
        {
            let _ = database.create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(made.as_ref().unchecked_ref()));
    let opened = done(&request).await;
    request.set_onupgradeneeded(None);
    opened?.dyn_into()
}

/// What a request gives, when it does.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |kept, failed| {
        request.set_onsuccess(Some(&kept));
        request.set_onerror(Some(&failed));
    });
    promise.await?;
    request.result()
}
