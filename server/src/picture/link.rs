//! Links to pictures, sealed for one person: where a picture is can be neither read out of them nor changed.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use database::{Links, PersonId, ServerKey};
use model::structure::{Encoding, PartNumber};
use model::uid::MessageKey;
use serde::{Deserialize, Serialize};

/// How every link begins. The policy of a document that shows pictures names it.
pub const PATH: &str = "/picture/";

/// How long a link holds, in seconds. Nobody stays signed in for longer than about that.
const LASTS: i64 = 12 * 3_600;

/// Times are rounded up to this, in seconds, so that the same picture has the same link for a while.
const STEP: i64 = 3_600;

/// Longest link that is looked at: a URL of 8 KiB and all that is around it.
const LONGEST: usize = 16 * 1024;

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureTarget {
    /// In a message of the person.
    Part {
        /// Which message.
        key: MessageKey,
        /// Which part.
        part: PartNumber,
        /// How the part is packed.
        encoding: Encoding,
    },
    /// Elsewhere; the person wishes to see it.
    Remote {
        /// Its address, as it stands in the message.
        url: String,
    },
}

/// Makes and opens links. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct PictureLinks(Arc<Links>);

/// Makes the links of one person, anywhere: in another thread too.
#[derive(Clone, Debug)]
pub struct Linker {
    links: PictureLinks,
    person: PersonId,
    until: i64,
}

impl PictureLinks {
    /// With keys made from the server's key.
    ///
    /// # Errors
    /// None that is expected.
    pub fn new(key: &ServerKey) -> database::Result<Self> {
        Ok(Self(Arc::new(Links::new(key)?)))
    }

    /// A path on this server that shows the picture to whoever has it, while this person is signed in and for half a
    /// day.
    pub fn link(&self, person: PersonId, target: &PictureTarget, now: i64) -> String {
        self.linker(person, now).link(target)
    }

    /// The same for many pictures.
    pub fn linker(&self, person: PersonId, now: i64) -> Linker {
        let until = (now + LASTS).div_euclid(STEP).saturating_add(1).saturating_mul(STEP);
        Linker { links: self.clone(), person, until }
    }

    /// For whom a link was made and where the picture is; `None` when it is not one of ours, or its time is over.
    pub fn open(&self, sealed: &str, now: i64) -> Option<(PersonId, PictureTarget)> {
        let sealed = Some(sealed).filter(|sealed| sealed.len() <= LONGEST)?;
        let opened = self.0.open(&BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?, now)?;
        Some((opened.person, serde_json::from_slice(&opened.target).ok()?))
    }
}

impl Linker {
    /// A path on this server that shows the picture.
    pub fn link(&self, target: &PictureTarget) -> String {
        let sealed = serde_json::to_vec(target)
            .map_err(|error| error.to_string())
            .and_then(|target| {
                self.links.0.seal(self.person, self.until, &target).map_err(|error| error.to_string())
            })
            // A path that leads nowhere; the text that stands for the picture is shown.
            .inspect_err(|cause| tracing::error!(cause, "a link to a picture can't be sealed"))
            .unwrap_or_default();
        format!("{PATH}{}", BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }
}

#[cfg(test)]
mod tests {
    use database::{PersonId, ServerKey};

    use super::{LASTS, PATH, PictureLinks, PictureTarget, STEP};

    const NOW: i64 = 1_800_000_000;

    #[test]
    fn a_link_tells_nothing_lasts_half_a_day_and_is_the_same_for_an_hour() {
        let key = ServerKey::generate().unwrap();
        let links = PictureLinks::new(&key).unwrap();
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let target = PictureTarget::Remote { url: "https://x.test/a.png?who=ada".into() };
        let link = links.link(ada, &target, NOW);
        let sealed = link.strip_prefix(PATH).unwrap();
        assert!(!sealed.contains(['/', '.', '?', '%', '=']), "{sealed}");
        assert_eq!(links.open(sealed, NOW + LASTS), Some((ada, target.clone())));
        assert_eq!(links.open(sealed, NOW + LASTS + STEP), None);
        assert_eq!(links.link(ada, &target, NOW - NOW % STEP), link);
        assert_eq!(links.open("", NOW), None);
        assert_eq!(links.open(&format!("{sealed}A"), NOW), None);
    }

    #[test]
    fn a_thousand_links_of_a_message_are_all_different() {
        let key = ServerKey::generate().unwrap();
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let linker = PictureLinks::new(&key).unwrap().linker(ada, NOW);
        let target = |number| PictureTarget::Remote { url: format!("https://x.test/{number}.png") };
        let made: std::collections::HashSet<_> =
            (0..1_000).map(|number| linker.link(&target(number))).collect();
        assert_eq!(made.len(), 1_000);
    }
}
