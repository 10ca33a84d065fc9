//! What people do with a large mailbox, twice: through the engine, and as lines for a connection that understands nothing.
//! Whoever adds one adds it in every `match` below.

use imap::commands::store::Change;
use imap::connection::Connection;
use imap::wire::limits::FOUND_AT_ONCE;
use model::filter::{Filter, Place};
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::messages::{Arrangement, Key};
use model::structure::PartNumber;
use model::uid::Uid;
use model::uid_set::UidSet;
use testbed::large::SEARCHED;

/// Rows of a list.
pub(super) const ROWS: u32 = 50;

/// The text of a message is asked for up to here, as the server does.
const TEXT: u64 = 3 * 1024 * 1024;

/// What a row of a list needs.
const ROW: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)";

/// Where messages are moved to.
pub(super) const ARCHIVE: &str = "Archive";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    List,
    Jump,
    Open,
    Search,
    SortedJump,
    MarkRead,
    Move,
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
    /// The newest messages that a search finds.
    pub(super) found: UidSet,
    /// How many it finds.
    pub(super) matches: u32,
    /// Messages in the middle of another order.
    pub(super) sorted: UidSet,
    /// The messages to change.
    pub(super) set: UidSet,
}

impl Operation {
    /// Those that change which messages there are come last.
    pub(super) const ALL: [Self; 7] =
        [Self::List, Self::Jump, Self::Open, Self::Search, Self::SortedJump, Self::MarkRead, Self::Move];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "first list, 50 newest",
            Self::Jump => "jump to the middle",
            Self::Open => "open a message",
            Self::Search => "search a word of subjects, 50 newest",
            Self::SortedJump => "jump to the middle by date",
            Self::MarkRead => "mark 500 read",
            Self::Move => "move 50",
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
            Self::Move => Some(50),
            Self::List | Self::Jump | Self::Open | Self::Search | Self::SortedJump => None,
        }
    }

    /// In how many places of the mailbox it is done by turns, each more than once, so that what the server remembers of
    /// them is there for both sides. Where finding them is most of the work, one is enough.
    pub(super) fn places(self) -> usize {
        if self.should_not_grow() { 20 } else { 1 }
    }

    /// As many as there is time for.
    pub(super) fn repetitions(self, quick: bool, messages: u32) -> usize {
        match (self.should_not_grow(), quick) {
            (true, false) => 200,
            (true, true) => 30,
            (false, _) if messages <= 10_000 => 50,
            (false, _) => 10,
        }
    }

    /// Through the engine, as the server does it.
    pub(super) async fn through(self, connection: &mut Connection, target: &Target) -> imap::Result<()> {
        match self {
            Self::List => by_arrival(connection, 0).await,
            Self::Jump => by_arrival(connection, target.middle).await,
            Self::Open => {
                connection.message(target.message).await?;
                let part = PartNumber::root().child(1);
                connection.part(target.message, &part, 0, TEXT).await.map(drop)
            }
            Self::Search => {
                let filter =
                    Filter::with_words(Place::Subject, SEARCHED).map_err(|_| imap::Error::Unwritable)?;
                connection.window(Arrangement::default(), &filter, 0, ROWS).await.map(drop)
            }
            Self::SortedJump => {
                let by_date = Arrangement::by(Key::Date);
                connection.window(by_date, &Filter::default(), target.middle, ROWS).await.map(drop)
            }
            Self::MarkRead => connection.store(&target.set, Change::Add, &[Flag::Seen], None).await.map(drop),
            Self::Move => {
                let archive = MailboxName::new(ARCHIVE).map_err(|_| imap::Error::Unwritable)?;
                connection.move_to(&target.set, &archive).await.map(drop)
            }
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
            Self::Search => {
                let part = |begin: u32, end: u32| {
                    alone(format!("UID SEARCH RETURN (COUNT PARTIAL {begin}:{end}) SUBJECT {SEARCHED}"))
                };
                let mut trips = vec![part(1, FOUND_AT_ONCE)];
                // The newest can be asked for once it is known how many there are.
                if target.matches > FOUND_AT_ONCE {
                    trips.push(part(target.matches - ROWS + 1, target.matches));
                }
                if !target.found.is_empty() {
                    trips.push(alone(format!("UID FETCH {} {ROW}", target.found)));
                }
                trips
            }
            Self::SortedJump => {
                let (begin, end) = (target.middle + 1, target.middle + ROWS);
                let keys = "(REVERSE DATE) UTF-8 ALL";
                vec![
                    alone(format!("UID SORT RETURN (COUNT PARTIAL {begin}:{end}) {keys}")),
                    alone(format!("UID FETCH {} {ROW}", target.sorted)),
                ]
            }
            Self::Move => vec![alone("NOOP".to_owned()), alone(format!("UID MOVE {} {ARCHIVE}", target.set))],
            // A change comes after news, so that it misses no message (`imap::commands::change`).
            Self::MarkRead => vec![
                alone("NOOP".to_owned()),
                alone(format!("UID STORE {} +FLAGS.SILENT (\\Seen)", target.set)),
            ],
        }
    }
}

async fn by_arrival(connection: &mut Connection, offset: u32) -> imap::Result<()> {
    connection.window(Arrangement::default(), &Filter::default(), offset, ROWS).await.map(drop)
}
