//! Rows of the open mailbox in any order: which command brings them, and what stands in where a server can't.

use model::filter::Filter;
use model::messages::{Arrangement, Direction, Key};
use model::uid::Uid;
use model::uid_set::UidSet;

use super::fetch::RawEnvelope;
use super::search::{Matches, Only, Search};
use crate::connection::Connection;
use crate::error::Result;

/// Rows of the open mailbox.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The order in which they are; by arrival, where the server has no way to the one that was asked for.
    pub arrangement: Arrangement,
    /// How many rows all windows have together, where the server told.
    pub total: Option<u32>,
    /// The rows. Messages that went while they were looked up are left out.
    pub rows: Vec<RawEnvelope>,
}

impl Connection {
    /// `count` rows of the open mailbox that a filter lets through, after the `offset` first ones of an order.
    ///
    /// Whatever the size of the mailbox, it takes one round trip in the order of arrival; two in all other orders and with
    /// a filter; three with unread messages first, and where one of many thousand matches is asked for of a server that
    /// counts from the oldest only. Conversations are cut at the edges of slabs of [`SLAB`](crate::wire::limits::SLAB)
    /// messages, counted from the newest: one that reaches across an edge shows its older part among the older messages,
    /// and what a filter lets through of a mailbox larger than one slab comes by arrival.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn window(
        &mut self,
        arrangement: Arrangement,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Rows> {
        let found = match arrangement {
            Arrangement::By(Key::Arrival, direction) => {
                return self.by_arrival(direction, filter, offset, count).await;
            }
            Arrangement::By(key, direction) => {
                let sorted = self.sorted((key, direction), filter, offset, count).await?;
                sorted.map(|Matches { uids, total }| (uids.into_iter().map(|uid| (uid, 0)).collect(), total))
            }
            Arrangement::UnreadFirst if !filter.unread => {
                let searches = [Only::Unread, Only::Read].map(|only| Search { filter, only: Some(only) });
                let matches = self.matches(&searches, Direction::Descending, offset, count).await?;
                Some((matches.uids.into_iter().map(|uid| (uid, 0)).collect(), matches.total))
            }
            // All of them are unread.
            Arrangement::UnreadFirst => {
                let rows = self.by_arrival(Direction::Descending, filter, offset, count).await?;
                return Ok(Rows { arrangement, ..rows });
            }
            Arrangement::Threads => {
                let members = self.threaded(filter, offset, count).await?;
                members.map(|(members, total)| (members, Some(total)))
            }
        };
        let Some((found, total)) = found else {
            return self.by_arrival(Direction::Descending, filter, offset, count).await;
        };
        Ok(Rows { arrangement, total, rows: self.rows_in_order(&found).await? })
    }

    async fn by_arrival(
        &mut self,
        direction: Direction,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Rows> {
        let arrangement = Arrangement::By(Key::Arrival, direction);
        if filter.is_everything() {
            let rows = self.arrivals(direction, offset, count).await?;
            return Ok(Rows { arrangement, total: Some(self.messages()?), rows });
        }
        let search = [Search { filter, only: None }];
        let Matches { uids, total } = self.matches(&search, direction, offset, count).await?;
        let found: Vec<_> = uids.into_iter().map(|uid| (uid, 0)).collect();
        Ok(Rows { arrangement, total, rows: self.rows_in_order(&found).await? })
    }

    async fn rows_in_order(&mut self, found: &[(Uid, u8)]) -> Result<Vec<RawEnvelope>> {
        let uids: UidSet = found.iter().map(|(uid, _)| *uid).collect();
        let mut rows = self.rows_of(&uids).await?;
        let row = |(uid, level): &(Uid, u8)| Some(RawEnvelope { level: *level, ..rows.remove(uid)? });
        Ok(found.iter().filter_map(row).collect())
    }
}
