//! Every limit on what a server may send, on one page. Passing one ends the connection, but for responses that may be
//! cut: there strangers decide how long they are.

/// What one command's answer may weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one response without its literals; where it may be cut, with them.
    pub line: usize,
    /// Bytes of one literal.
    pub literal: usize,
    /// Bytes of all responses together.
    pub answer: usize,
    /// Bytes of one response that are read and forgotten when it is longer than is kept; 0 where it may not be cut.
    pub forgotten: usize,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Limits {
    /// For greetings and commands that answer little. A literal holds at most the name of a mailbox.
    pub const SMALL: Self = Self { line: 64 * KIB, literal: 64 * KIB, answer: MIB, forgotten: 0 };

    /// For lists of mailboxes: 50,000 names of 200 bytes, with their counts.
    pub const LIST: Self = Self { line: 64 * KIB, literal: 64 * KIB, answer: 20 * MIB, forgotten: 0 };

    /// For rows of a list. A message of two thousand parts fits; of a longer one the rest of its structure is forgotten,
    /// and the rows beside it cost what they always do.
    pub const ENVELOPES: Self =
        Self { line: 256 * KIB, literal: 64 * KIB, answer: 16 * MIB, forgotten: 64 * MIB };

    /// For results of searches: a million UIDs on one line.
    pub const SEARCH: Self = Self { line: 8 * MIB, literal: 64 * KIB, answer: 16 * MIB, forgotten: 0 };

    /// For changes to many messages: a line of news about each, and a set of UIDs with many gaps about all.
    pub const CHANGES: Self = Self { line: 512 * KIB, literal: 64 * KIB, answer: 20 * MIB, forgotten: 0 };

    /// For parts of messages, each of at most `largest` bytes, `total` together.
    pub fn bodies(largest: u64, total: u64) -> Self {
        // A server that sends a little more than it was asked for is forgiven.
        let bytes = |asked| usize::try_from(asked).unwrap_or(usize::MAX).saturating_add(4 * KIB);
        let answer = bytes(total).saturating_add(MIB);
        Self { line: 64 * KIB, literal: bytes(largest), answer, forgotten: 0 }
    }

    /// For a header of at most `header` bytes with the structure of its message: 10,000 parts are a megabyte.
    pub fn message(header: u64) -> Self {
        let Self { literal, .. } = Self::bodies(header, header);
        let line = literal.saturating_add(MIB);
        Self { line, literal, answer: line.saturating_add(MIB), forgotten: 64 * MIB }
    }
}

/// Responses to one command. Each costs some bytes besides its own.
pub const RESPONSES: usize = 250_000;

/// Lines in one command's answer that could not be understood and were skipped.
pub const SKIPPED: u64 = 1_000;

/// Levels of lists within lists.
pub const NESTING: usize = 64;

/// Tokens in one response.
pub const TOKENS: usize = 1_000_000;

/// Mailboxes in one account.
pub const MAILBOXES: usize = 50_000;

/// Parts of one message.
pub const PARTS: usize = 10_000;

/// Addresses of one field of an envelope.
pub const ADDRESSES: usize = 100;

/// Parameters of one part.
pub const PARAMETERS: usize = 100;

/// Flags and keywords of one message.
pub const FLAGS: usize = 200;

/// Characters of the first words of a message; no server may send more (RFC 8970 §3.2).
pub const PREVIEW: usize = 256;

/// Mailboxes whose counts are asked for one by one, on servers without LIST-STATUS.
pub const SINGLE_STATUS: usize = 200;

/// Mailboxes of others of which one's rights are asked for one by one, on servers without LIST-MYRIGHTS; of those beyond
/// they are known when one is opened.
pub const SINGLE_RIGHTS: usize = 100;

/// Bytes of the longest name among these. They travel together: a hundred names of this length weigh less than
/// [`PIPELINE`] of the longest that there are.
pub const RIGHTS_NAME: usize = 200;

/// Matches of a search that are asked for at once where a window can't be counted from its end: about what fifty rows
/// weigh, so that it costs less than a second question.
pub const FOUND_AT_ONCE: u32 = 2_000;

/// Messages that are put into conversations at once: the answer weighs some 80 kB.
pub const SLAB: u32 = 10_000;

/// Levels of answers to answers that are told apart.
pub const THREAD_LEVEL: u8 = 64;

/// Ranges of UIDs in one command that changes something: two kilobytes of a line, which servers with small buffers take.
pub const RANGES: usize = 100;

/// UIDs in the same. A pipeline of these, with a line of news about each message, stays below [`RESPONSES`].
pub const CHANGED: u32 = 8_000;

/// The same of a set that names so many: one of thousands of millions names mostly messages that are not there, and a
/// thousand commands are enough for it.
pub fn most_changed(named: u64) -> u32 {
    u32::try_from(named / 1000).unwrap_or(u32::MAX).max(CHANGED)
}

/// Commands that are sent before the first is answered: few enough that they and their answers fit into the buffers
/// of the operating system, or both sides would wait for each other.
pub const PIPELINE: usize = 25;
