//! Every limit on what a message may cost, on one page.

/// Bytes of HTML that are shown. Cleaning 1.6 MB of ordinary tables takes a fifth of a second.
pub const HTML_BYTES: usize = 1024 * 1024;

/// Open elements at a time. The time for building a tree grows with the square of its depth; browsers stop at 512.
pub const HTML_DEPTH: usize = 256;

/// Attributes of one tag. Their number costs its square as well.
pub const HTML_ATTRIBUTES_OF_TAG: usize = 100;

/// Attributes of all tags.
pub const HTML_ATTRIBUTES: usize = 100_000;

/// Tags of a document.
pub const HTML_TAGS: usize = 100_000;

/// Bytes of one `style` attribute.
pub const STYLE_BYTES: usize = 4 * 1024;

/// Bytes of inline pictures in one document, before they become `data:` links.
pub const INLINE_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of plain text that are shown.
pub const TEXT_BYTES: usize = 1024 * 1024;

/// Lines of plain text that are shown.
pub const TEXT_LINES: usize = 20_000;

/// Header fields that are shown.
pub const FIELDS: usize = 500;

/// Characters of one header field that are shown.
pub const FIELD_CHARACTERS: usize = 4_000;

/// Addresses of one field that are shown.
pub const ADDRESSES: usize = 500;

/// Characters of a file name.
pub const NAME_CHARACTERS: usize = 120;

/// Attachments that are listed.
pub const ATTACHMENTS: usize = 1_000;
