//! What people do with a large mailbox, twice: through the engine, and as lines for a connection that understands nothing.
//! Whoever adds one adds it in every `match` below.

use imap::connection::Connection;
use model::structure::PartNumber;
use model::uid::Uid;
use model::uid_set::UidSet;

/// Rows of a list.
pub(super) const ROWS: u32 = 50;

/// The text of a message is asked for up to here, as the server does.
const TEXT: u64 = 3 * 1024 * 1024;

/// What a row of a list needs.
const ROW: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    List,
    Jump,
    Open,
    MarkRead,
}

/// What it is done to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Messages in the mailbox.
    pub(super) messages: u32,
    /// So many of the newest are passed over to be in the middle.
    pub(super) middle: u32,
    /// The message to open.
    pub(super) message: Uid,
    /// The messages to change.
    pub(super) set: UidSet,
}

impl Operation {
    pub(super) const ALL: [Self; 4] = [Self::List, Self::Jump, Self::Open, Self::MarkRead];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "first list, 50 newest",
            Self::Jump => "jump to the middle",
            Self::Open => "open a message",
            Self::MarkRead => "mark 500 read",
        }
    }

    /// Whether the table of growth has it: those that should cost the same in a mailbox of any size.
    pub(super) fn should_not_grow(self) -> bool {
        matches!(self, Self::List | Self::Jump | Self::Open)
    }

    /// How many messages it changes, if any.
    pub(super) fn changes(self) -> Option<u32> {
        match self {
            Self::MarkRead => Some(500),
            Self::List | Self::Jump | Self::Open => None,
        }
    }

    pub(super) fn repetitions(self, quick: bool) -> usize {
        match (self, quick) {
            (Self::List | Self::Jump | Self::Open, false) => 200,
            (Self::List | Self::Jump | Self::Open, true) => 30,
            (Self::MarkRead, false) => 20,
            (Self::MarkRead, true) => 5,
        }
    }

    /// Through the engine, as the server does it.
    pub(super) async fn through(self, connection: &mut Connection, target: &Target) -> imap::Result<()> {
        match self {
            Self::List => connection.envelopes(0, ROWS).await.map(drop),
            Self::Jump => connection.envelopes(target.middle, ROWS).await.map(drop),
            Self::Open => {
                connection.message(target.message).await?;
                let part = PartNumber::root().child(1);
                connection.part(target.message, &part, 0, TEXT).await.map(drop)
            }
            Self::MarkRead => mark_read(connection, &target.set).await,
        }
    }

    /// The same commands: the lines of each round trip.
    pub(super) fn lines(self, target: &Target) -> Vec<Vec<String>> {
        let alone = |line: String| vec![line];
        let rows = |offset: u32| {
            let newest = target.messages.saturating_sub(offset);
            alone(format!("FETCH {}:{newest} {ROW}", newest.saturating_sub(ROWS - 1).max(1)))
        };
        match self {
            Self::List => vec![rows(0)],
            Self::Jump => vec![rows(target.middle)],
            Self::Open => {
                let uid = target.message;
                let items =
                    "UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER]<0.262144>";
                vec![
                    alone(format!("UID FETCH {uid} ({items})")),
                    alone(format!("UID FETCH {uid} (BODY.PEEK[1]<0.{TEXT}>)")),
                ]
            }
            Self::MarkRead => vec![alone(format!("UID STORE {} +FLAGS.SILENT (\\Seen)", target.set))],
        }
    }
}

async fn mark_read(connection: &mut Connection, set: &UidSet) -> imap::Result<()> {
    use imap::wire::command::Command;
    use imap::wire::limits::Limits;
    let command = Command::new("UID STORE").value(set)?.word("+FLAGS.SILENT (\\Seen)");
    connection.run(command, Limits::LIST).await.map(drop)
}
