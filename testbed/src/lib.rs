//! A real Dovecot and Postfix, people and mail for them, and a fault proxy.
//!
//! Nothing here knows the product. Both servers run on loopback ports with all their files below one folder
//! and never touch the system's own instances. They end when the [`Testbed`] is dropped, and also when its
//! process is killed.
//!
//! ```no_run
//! # async fn example() -> testbed::Result<()> {
//! use testbed::{Shared, client::Client, people::Person};
//!
//! let testbed = Shared::find()?;
//! let person = Person::fresh();
//! let mut other = Client::sign_in(testbed.description(), &person).await?;
//! other.append("INBOX", Some("(\\Seen)"), None, b"Subject: Hello\r\n\r\nHello\r\n").await?;
//! # Ok(()) }
//! ```

mod certificate;
pub mod client;
pub mod conversations;
mod crowd;
pub mod curiosities;
pub mod demo;
mod description;
mod dovecot;
mod error;
pub mod fault_proxy;
pub mod gallery;
pub mod hostile;
mod keeper;
pub mod large;
pub mod letters;
mod mailbox_name;
pub mod mailgen;
mod options;
pub mod packages;
pub mod people;
mod place;
mod ports;
mod postfix;
mod running;
mod shared;
pub mod tls;
pub mod token;

pub use description::Description;
pub use error::{Error, Result};
pub use options::{CAPABILITIES, Certificate, Options};
pub use running::Testbed;
pub use shared::{Shared, VARIABLE, scratch};
