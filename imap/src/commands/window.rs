//! Rows of the open mailbox in any order: which command brings them, and what stands in where a server can't.

use model::filter::Filter;
use model::messages::{Arrangement, Direction, Key};

use super::fetch::RawEnvelope;
use super::rows::{Known, Row};
use super::search::{Matches, Only, Search};
use crate::connection::Connection;
use crate::error::Result;

/// Rows of the open mailbox.
#[derive(Clone, Debug)]
pub struct Rows<R = RawEnvelope> {
    /// The order in which they are; by arrival, where the server has no way to the one that was asked for.
    pub arrangement: Arrangement,
    /// How many rows all windows have together, where the server told.
    pub total: Option<u32>,
    /// The rows. Messages that went while they were looked up are left out.
    pub rows: Vec<R>,
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
        let Rows { arrangement, total, rows } =
            self.window_beyond(&(), arrangement, filter, offset, count).await?;
        Ok(Rows { arrangement, total, rows: rows.into_iter().map(Row::into_told).collect() })
    }

    /// The same for whoever kept rows of this mailbox: of those only the flags come. Where the order is that of arrival it
    /// takes one more round trip if a row is missing that was expected; in all others none.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn window_beyond<K: Known>(
        &mut self,
        known: &K,
        arrangement: Arrangement,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Rows<Row<K::Row>>> {
        let found = match arrangement {
            Arrangement::By(Key::Arrival, direction) => {
                return self.by_arrival(known, direction, filter, offset, count).await;
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
                let rows = self.by_arrival(known, Direction::Descending, filter, offset, count).await?;
                return Ok(Rows { arrangement, ..rows });
            }
            Arrangement::Threads => {
                let members = self.threaded(filter, offset, count).await?;
                members.map(|(members, total)| (members, Some(total)))
            }
        };
        let Some((found, total)) = found else {
            return self.by_arrival(known, Direction::Descending, filter, offset, count).await;
        };
        Ok(Rows { arrangement, total, rows: self.rows_in_order(known, &found).await? })
    }

    async fn by_arrival<K: Known>(
        &mut self,
        known: &K,
        direction: Direction,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Rows<Row<K::Row>>> {
        let arrangement = Arrangement::By(Key::Arrival, direction);
        if filter.is_everything() {
            let rows = self.arrivals(known, direction, offset, count).await?;
            return Ok(Rows { arrangement, total: Some(self.messages()?), rows });
        }
        let search = [Search { filter, only: None }];
        let Matches { uids, total } = self.matches(&search, direction, offset, count).await?;
        let found: Vec<_> = uids.into_iter().map(|uid| (uid, 0)).collect();
        Ok(Rows { arrangement, total, rows: self.rows_in_order(known, &found).await? })
    }
}
