//! `pennypost mfa reset`: what an operator does for somebody who lost all their second factors.

use app::contract::account::EventKind;
use database::{Devices, Factors, PersonId, Sessions};

use crate::clock::now;
use crate::config::Config;
use crate::door::Door;
use crate::storage::existing;

/// Removes all second factors and recovery codes of an address, trusts none of its browsers any longer and ends all its
/// sessions, and writes that down. Gives how many factors and sessions there were. It shows and sets no secret.
///
/// # Errors
/// When the database or its key can't be used.
pub async fn reset(config: &Config, login: &str) -> Result<(u64, usize), Box<dyn std::error::Error>> {
    let (database, key) = existing(config).await?;
    let person = PersonId::of(login, &key)?;
    let door = Door::new(&config.sign_in, &database, key.clone())?;
    // First what would let somebody in, then the rest: whatever is in between, nobody has more than before.
    let ended = Sessions::new(&database, key.clone(), 0).end_but(person, None).await?;
    Devices::new(&database, key.clone()).distrust(person, None).await?;
    let removed = Factors::new(&database, key).remove_all(&person).await?;
    let nowhere = door.whereabouts(None, None);
    let written = door.record(EventKind::FactorsReset, login, &nowhere, None, now()).await;
    written.map_err(|_| "what was done can't be written down; the log has the reason")?;
    database.close().await;
    Ok((removed, ended))
}
