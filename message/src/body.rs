//! The texts of a message, made one: words out of packed bytes, then lines or one document out of all of them.

use model::message::{Line, Notice};
use model::structure::Encoding;

use crate::alternative::Text;
use crate::html::{self, References, Section, TooMuch};
use crate::inside::File;
use crate::limits::{HTML_BYTES, TEXT_LINES};
use crate::transfer::unpack;
use crate::{charset, enriched, plain_text, uuencode};

/// One text of a message, unpacked and decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words, or the HTML.
    pub text: String,
    /// Whether it is HTML.
    pub html: bool,
    /// Whether lines flow (RFC 3676).
    pub flowed: bool,
    /// Whether the space before a soft break goes (RFC 3676 §4.2).
    pub delsp: bool,
    /// What is to be said of how it was read.
    pub notice: Option<Notice>,
    /// Files that stood in the text (uuencode).
    pub files: Vec<File>,
}

/// Unpacks and decodes one text; of enriched text, its words; of plain text, what is no file in it.
pub fn words(packed: &[u8], text: &Text) -> Words {
    let bytes = unpacked(packed, text.encoding);
    let (bytes, files, newsgroup) = if text.html || text.enriched || text.richtext {
        (bytes, Vec::new(), None)
    } else {
        let taken = uuencode::take_out(&bytes);
        (taken.rest, taken.files, taken.yenc.map(Notice::Newsgroup))
    };
    let (words, notice) = charset::decode(&bytes, text.charset.as_deref());
    let notice = notice.or(newsgroup);
    let words = match (text.enriched, text.richtext) {
        (true, _) => enriched::words(&words),
        (_, true) => enriched::richtext_words(&words),
        _ => words,
    };
    Words { text: words, html: text.html, flowed: text.flowed, delsp: text.delsp, notice, files }
}

/// The files in a plain text (uuencode), as [`words`] finds them.
pub fn files(packed: &[u8], encoding: Encoding) -> Vec<File> {
    uuencode::take_out(&unpacked(packed, encoding)).files
}

/// Text that says it is base64 and is not is shown as it stands: spaces and full stops are an eighth of any prose.
fn unpacked(packed: &[u8], encoding: Encoding) -> Vec<u8> {
    let foreign = |byte: &&u8| !byte.is_ascii_alphanumeric() && !b"+/=\r\n".contains(byte);
    if encoding == Encoding::Base64 && packed.iter().filter(foreign).count() > packed.len() / 8 {
        return packed.to_vec();
    }
    if encoding == Encoding::Base64
        && let Some((packed, after)) = split_at_padding(packed)
    {
        return [unpack(packed, encoding), after.to_vec()].concat();
    }
    unpack(packed, encoding)
}

/// Base64 and what a mailing list wrote below it: words that do not stand on lines of base64 of their own.
fn split_at_padding(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = packed.iter().position(|byte| *byte == b'=')?;
    let end = at + packed.get(at..)?.iter().take_while(|byte| **byte == b'=').count();
    let (packed, after) = packed.split_at_checked(end)?;
    let is_packed = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(byte);
    (!after.trim_ascii_end().iter().all(is_packed)).then_some((packed, after))
}

/// The lines of all texts, with an empty line between two of them, and whether some are missing because there were too
/// many.
pub fn lines(texts: &[Words]) -> (Vec<Line>, bool) {
    let mut all = Vec::new();
    let mut shortened = false;
    for text in texts {
        let (lines, cut) = plain_text::lines(&text.text, text.flowed, text.delsp);
        if !all.is_empty() && !lines.is_empty() {
            all.push(Line::default());
        }
        all.extend(lines);
        shortened |= cut || all.len() > TEXT_LINES;
        all.truncate(TEXT_LINES);
    }
    (all, shortened)
}

/// Texts of a message as one document shows them.
#[derive(Debug, Default)]
pub struct Shown {
    /// In order.
    pub sections: Vec<Section>,
    /// Pictures from elsewhere that are not shown.
    pub withheld: u32,
    /// Pictures from elsewhere that are shown.
    pub shown: u32,
    /// Pictures of which nothing is to be seen; they are never shown.
    pub trackers: u32,
}

/// All texts as sections of one document, each cleaned for itself, so that none swallows what follows; those that are
/// plain become words with their links.
///
/// # Errors
/// [`TooMuch`] when one of them, or all together, cost too much to show.
pub fn sections(texts: &[Words], references: &References) -> Result<Shown, TooMuch> {
    if texts.iter().map(|text| text.text.len()).sum::<usize>() > HTML_BYTES {
        return Err(TooMuch::Bytes);
    }
    let mut all = Shown::default();
    for text in texts {
        if text.html {
            let cleaned = html::clean(&text.text, references.clone())?;
            all.withheld = all.withheld.saturating_add(cleaned.withheld);
            all.shown = all.shown.saturating_add(cleaned.shown);
            all.trackers = all.trackers.saturating_add(cleaned.trackers);
            all.sections.push(cleaned.into());
        } else {
            let (lines, _) = plain_text::lines(&text.text, text.flowed, text.delsp);
            if !lines.is_empty() {
                all.sections.push(Section::of_lines(&lines));
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use model::message::Piece;
    use model::structure::{Encoding, PartNumber};

    use super::{Words, lines, sections, words};
    use crate::alternative::Text;
    use crate::html::{Dress, References, SafeDocument};

    fn text(encoding: Encoding) -> Text {
        Text {
            part: PartNumber::root().child(1),
            html: false,
            enriched: false,
            richtext: false,
            charset: None,
            encoding,
            flowed: false,
            delsp: false,
        }
    }

    fn plain(text: &str) -> Words {
        Words { text: text.into(), ..Words::default() }
    }

    #[test]
    fn several_texts_are_lines_one_after_the_other() {
        let (lines, shortened) = lines(&[plain("one\ntwo\n"), plain("\n"), plain("three")]);
        let read: Vec<_> = lines.iter().map(|line| line.pieces.clone()).collect();
        let word = |text: &str| vec![Piece::Text(text.to_owned())];
        assert_eq!(read, [word("one"), word("two"), Vec::new(), word("three")]);
        assert!(!shortened);
    }

    #[test]
    fn plain_text_beside_html_stays_words_and_none_swallows_the_next() {
        let rich = Words { html: true, ..plain("<p>rich</p><!-- <textarea>") };
        let texts = [rich.clone(), plain("> <script> & https://x.test/?a=\"&b\nend")];
        let sections = sections(&texts, &References::default()).unwrap().sections;
        let document = SafeDocument::of(&sections, Dress::Adapted).into_string();
        assert!(
            document.ends_with(
                "<p>rich</p><hr class=\"next\"><div class=\"plain\"><blockquote>&lt;script&gt; &amp; \
                 <a href=\"https://x.test/?a=\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://x.test/?a=</a>\
                 &quot;&amp;b\n</blockquote>end\n</div></body></html>"
            ),
            "{document}"
        );
        let long = Words { html: true, ..plain(&"x".repeat(1_048_570)) };
        assert!(super::sections(&[rich, long], &References::default()).is_err());
    }

    #[test]
    fn text_that_only_says_it_is_base64_is_shown_as_it_stands() {
        let prose = b"Dear Anna, this was never packed. Best, B.";
        assert_eq!(words(prose, &text(Encoding::Base64)).text.as_bytes(), prose);
        assert_eq!(words(b"SGVsbG8g\r\nV29ybGQ=\r\n", &text(Encoding::Base64)).text, "Hello World");
        assert_eq!(words(b"SGVsbG8=\r\nSGVsbG8=\r\n", &text(Encoding::Base64)).text, "HelloHello");
        let list = b"SGVsbG8gQW5uYSwgdGhpcyBpcyBhIGxvbmdlciBsZXR0ZXIgdGhhdCB3YXMgcGFja2VkCg==\n___\nthe list";
        assert!(words(list, &text(Encoding::Base64)).text.ends_with("was packed\n\n___\nthe list"));
    }
}
