//! People with mailboxes: those of the demo, and a fresh one for every test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Whose addresses all exist, with one password. No list is kept: tests of many processes need no lock.
pub const TEST_DOMAIN: &str = "test.test";

/// Like [`TEST_DOMAIN`], but the mailboxes of each person together hold at most one megabyte.
pub const SMALL_DOMAIN: &str = "small.test";

/// The password of everyone in [`TEST_DOMAIN`] and [`SMALL_DOMAIN`].
pub const TEST_PASSWORD: &str = "correct-horse";

/// The people of the demo; the last one is the team's shared mailbox.
pub const DEMO: [DemoPerson; 4] = [
    DemoPerson { name: "Anna Berger", address: "anna@demo.test", password: "anna-likes-espresso" },
    DemoPerson { name: "Ben Okafor", address: "ben@demo.test", password: "ben-likes-filter" },
    DemoPerson { name: "Chloé Martin", address: "chloe@demo.test", password: "chloe-likes-crema" },
    DemoPerson { name: "Support", address: "support@demo.test", password: "support-likes-tickets" },
];

/// Somebody whose password tries every quoting.
pub const ODD: DemoPerson =
    DemoPerson {
        name: "Oddvar \"Odd\" Ødegård", address: "odd@demo.test", password: "pä\"ss\\w%o rd{3}€&+"
    };

/// Somebody of the demo.
#[derive(Clone, Copy, Debug)]
pub struct DemoPerson {
    /// The name.
    pub name: &'static str,
    /// The address.
    pub address: &'static str,
    /// The password.
    pub password: &'static str,
}

impl DemoPerson {
    /// As somebody with a mailbox.
    pub fn person(&self) -> Person {
        Person { address: self.address.into(), password: self.password.into() }
    }
}

/// Somebody with a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The address, which is also the name to sign in with.
    pub address: String,
    /// The password.
    pub password: String,
}

impl Person {
    /// Somebody whom no other test knows. Their mailboxes are made at the first sign-in or delivery.
    pub fn fresh() -> Self {
        Self::fresh_in(TEST_DOMAIN)
    }

    /// Like [`Person::fresh`], with room for one megabyte.
    pub fn fresh_with_little_room() -> Self {
        Self::fresh_in(SMALL_DOMAIN)
    }

    fn fresh_in(domain: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Several processes share one server, and process ids come again: hence the time.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let address =
            format!("p{now:x}-{}-{}@{domain}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { address, password: TEST_PASSWORD.into() }
    }
}

/// Dovecot's passwd-file for the demo.
pub(crate) fn passwd_file() -> String {
    let line = |person: &DemoPerson| format!("{}:{{PLAIN}}{}\n", person.address, person.password);
    DEMO.iter().chain([&ODD]).map(line).collect()
}
