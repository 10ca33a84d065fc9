//! Pictures in messages: links to them, where they come from, and whether somebody wishes to see those from elsewhere.

pub mod consent;
pub mod elsewhere;
pub mod link;
mod turns;

use std::sync::Arc;

use app::failure::Failure;
use database::{Database, PictureSenders, ServerKey};
use model::address::Address;

pub use link::{Linker, PictureLinks, PictureTarget};

use self::consent::Consent;
use self::elsewhere::Elsewhere;
use crate::config::remote_content::RemoteContent;
use crate::mail::Person;
use crate::outside::Outside;

/// What shows pictures, for all people.
#[derive(Debug)]
pub struct Pictures {
    /// Makes and opens links to them.
    pub links: PictureLinks,
    /// Who wishes to see those from elsewhere.
    pub consent: Consent,
    /// Those from elsewhere.
    pub elsewhere: Elsewhere,
    /// The way into the world.
    pub outside: Arc<Outside>,
}

impl Pictures {
    /// Of the server's key links and names are made.
    ///
    /// # Errors
    /// None that is expected.
    pub fn new(
        remote: &RemoteContent,
        database: &Database,
        key: &Arc<ServerKey>,
        outside: Outside,
    ) -> database::Result<Self> {
        let outside = Arc::new(outside);
        Ok(Self {
            links: PictureLinks::new(key)?,
            consent: Consent::new(remote.policy, PictureSenders::new(database, key.clone())),
            elsewhere: Elsewhere::new(outside.clone()),
            outside,
        })
    }
}

impl Person {
    /// Makes links to pictures of theirs, and to those from elsewhere that they wish to see.
    ///
    /// # Errors
    /// None that is expected.
    pub fn linker(&self, now: i64) -> Result<Linker, Failure> {
        Ok(self.pictures().links.linker(self.id()?, now))
    }

    /// Whether they always wish to see the pictures of a message with this From; see [`Consent::pictures_wanted`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn pictures_wanted(&self, from: &[Address], proven: Option<bool>) -> Result<bool, Failure> {
        self.pictures().consent.pictures_wanted(self.id()?, from, proven).await
    }
}
