//! Every limit on what a message may cost, on one page.

/// Bytes of HTML that are shown. Cleaning 1.6 MB of ordinary tables takes a fifth of a second.
pub const HTML_BYTES: usize = 1024 * 1024;

/// Open elements at a time, and formatting elements that come back when they are needed. The time for building a
/// tree grows with the square of its depth; browsers stop at 512.
pub const HTML_DEPTH: usize = 384;

/// Attributes of one tag. Their number costs its square as well.
pub const HTML_ATTRIBUTES_OF_TAG: usize = 100;

/// Attributes of all tags. A megabyte of ordinary tables has 50,000; each costs the same.
pub const HTML_ATTRIBUTES: usize = 100_000;

/// Elements of a document, also those that the parser adds.
pub const HTML_ELEMENTS: usize = 100_000;

/// Spaces, slashes and quotes inside of one tag, before it is known what they are. A picture of a megabyte inside of
/// a tag, in base64 with line breaks, has 30,000; so many attributes cost a quarter of a second.
pub const TAG_BREAKS: usize = 32_000;

/// Steps beyond the parsing itself: siblings that are walked past to put elements elsewhere, as broken tables and
/// overlapping formatting want, and long texts read again and again to escape them. About a tenth of a second.
pub const HTML_WORK: usize = 50_000_000;

/// Bytes of one `style` attribute.
pub const STYLE_BYTES: usize = 4 * 1024;

/// Bytes of all style sheets of a document. Newsletters have up to 60,000.
pub const SHEET_BYTES: usize = 128 * 1024;

/// Rules of all style sheets of a document: a browser asks each for every element.
pub const SHEET_RULES: usize = 2_000;

/// Selectors of one rule.
pub const SHEET_SELECTORS: usize = 50;

/// Links of one document of which is asked whether they lead where they say.
pub const CHECKED_LINKS: usize = 2_000;

/// Characters of the words of a link that are looked at.
pub const LINK_WORDS: usize = 200;

/// Colours in old attributes that are written for dark surroundings too.
pub const OLD_COLOURS: usize = 200;

/// Bytes of inline pictures in one document, before they become `data:` links.
pub const INLINE_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of `data:` links in one document: [`INLINE_BYTES`] in base64, and some pictures that are shown twice.
pub const INLINE_LINKS: usize = 8 * 1024 * 1024;

/// Bytes of a link that are followed. Browsers and servers take no more than a few thousand.
pub const LINK_BYTES: usize = 8 * 1024;

/// Characters of a text that stands for a picture, or that explains an element.
pub const LABEL_CHARACTERS: usize = 1_000;

/// Bytes of plain text that are shown.
pub const TEXT_BYTES: usize = 1024 * 1024;

/// Texts of one message that are shown one after the other; further ones are attachments.
pub const TEXTS: usize = 20;

/// Lines of plain text that are shown.
pub const TEXT_LINES: usize = 20_000;

/// Bytes of a header that are read.
pub const HEADER_BYTES: usize = 1024 * 1024;

/// Bytes of one header field that are read.
pub const FIELD_BYTES: usize = 64 * 1024;

/// Characters of the name of a field that are shown.
pub const NAME_OF_FIELD: usize = 100;

/// Characters of the name of a person that are shown.
pub const NAME_OF_PERSON: usize = 200;

/// Characters of an address, or of either half of it, that are shown. SMTP allows 254.
pub const ADDRESS_CHARACTERS: usize = 320;

/// Links in one text. What follows is shown, but not as links.
pub const TEXT_LINKS: usize = 10_000;

/// Bytes of one line in which links are looked for.
pub const LINKED_LINE_BYTES: usize = 64 * 1024;

/// Header fields that are shown.
pub const FIELDS: usize = 500;

/// Characters of one header field that are shown.
pub const FIELD_CHARACTERS: usize = 4_000;

/// Addresses of one field that are shown.
pub const ADDRESSES: usize = 500;

/// Characters of a file name.
pub const NAME_CHARACTERS: usize = 120;

/// Bytes of a file name. File systems allow 255; a browser may add a number.
pub const NAME_BYTES: usize = 200;

/// Attachments that are listed.
pub const ATTACHMENTS: usize = 2_000;

/// Bytes of a whole message that is read here instead of by the mail server.
pub const MESSAGE_BYTES: usize = 50 * 1024 * 1024;

/// Parts of a message that is read here.
pub const PARTS: usize = 10_000;

/// Messages inside of messages, of which no honest mail has many.
pub const MESSAGES: usize = 50;

/// Statements that are read of one Authentication-Results.
pub const STATEMENTS: usize = 100;

/// Signatures whose outcome is read.
pub const SIGNATURES: usize = 10;

/// Domains that a sender's domain is held against.
pub const KNOWN_DOMAINS: usize = 50;

/// Bytes of a calendar that is read when a message is opened.
pub const INVITATION_BYTES: usize = 256 * 1024;

/// Events of a calendar that are counted.
pub const EVENTS: usize = 1_000;

/// People that are counted who are invited to an event.
pub const ATTENDEES: usize = 1_000;

/// Characters of the name of an event, and of its place, that are shown.
pub const TITLE_CHARACTERS: usize = 300;

/// Characters of the description of an event that are shown.
pub const DESCRIPTION_CHARACTERS: usize = 600;
/// Pixels of a picture. A browser takes four bytes of memory for each, and a few kilobytes can say any number.
pub const PICTURE_PIXELS: usize = 40_000_000;
/// Bytes of a file of text that are shown before it is saved.
pub const PREVIEW_BYTES: usize = 1024 * 1024;

/// Rows of a table that are shown before it is saved.
pub const TABLE_ROWS: usize = 2_000;

/// Columns of a table that are shown before it is saved.
pub const TABLE_COLUMNS: usize = 100;

/// Characters of one cell of a table that are shown before it is saved.
pub const CELL_CHARACTERS: usize = 1_000;
/// Bytes of a part, once unpacked, in which files are looked for (TNEF).
pub const INSIDE_BYTES: usize = 16 * 1024 * 1024;

/// Files inside of one part that are listed.
pub const FILES_INSIDE: usize = 200;

/// Attributes of TNEF that are read. A file takes a dozen.
pub const TNEF_ATTRIBUTES: usize = 10_000;

/// Properties of a message or file in TNEF that are read. Honest ones have a few hundred.
pub const TNEF_PROPERTIES: usize = 10_000;

/// Bytes of RTF that are read, once unpacked.
pub const RTF_BYTES: usize = 2 * 1024 * 1024;

/// Bytes of a report that are read.
pub const REPORT_BYTES: usize = 256 * 1024;

/// Recipients that a report tells of.
pub const RECIPIENTS: usize = 100;
