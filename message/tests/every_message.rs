//! Every message that is kept in `tests/torture` or made there is read as a page reads it: something is seen, nothing
//! panics, and memory stays within bounds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "torture/generated.rs"]
mod generated;
#[path = "torture/reading.rs"]
#[allow(dead_code, reason = "the test beside this one looks at more of a page")]
mod reading;

use peak_alloc::PeakAlloc;
use reading::read;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes that reading may take beside the message itself.
const MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// Messages of others that have a header and no more, or empty parts, or HTML with nothing but a title.
const EMPTY: &[&str] = &[
    "cpython/msg_18.txt",
    "cpython/msg_24.txt",
    "enmime/mail_header-only.raw",
    "enmime/parts_malformed-content-type-params.raw",
    "enmime/parts_missing-closing-param-quote.raw",
    "mailparser/htmllargecallstack.eml",
    "mikel-mail/error_emails_bad_date_header.eml",
    "mikel-mail/error_emails_bad_date_header2.eml",
    "mikel-mail/error_emails_empty_in_reply_to.eml",
    "mikel-mail/error_emails_missing_body.eml",
    "mikel-mail/error_emails_must_supply_encoding.eml",
];

/// All in one test, since memory is counted for the whole process.
#[test]
fn every_message_shows_something_and_takes_little_memory() {
    let kept = reading::kept();
    let generated = generated::all();
    let count = (kept.len(), generated.len());
    let (mut slowest, mut largest) = ((0.0, String::new()), (0, String::new()));
    let mut unseen = Vec::new();
    let messages = kept.iter().map(|(name, raw)| (name.as_str(), raw.as_slice(), None));
    let cases = generated.iter().map(|(name, raw, seen)| (*name, raw.as_slice(), Some(*seen)));
    for (name, raw, expected) in messages.chain(cases) {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let begin = std::time::Instant::now();
        let page = read(raw);
        let seconds = begin.elapsed().as_secs_f64();
        let memory = MEMORY.peak_usage().saturating_sub(before);
        assert!(memory <= MEMORY_BYTES, "{name}: {memory} bytes");
        if seconds > slowest.0 {
            slowest = (seconds, name.to_owned());
        }
        if memory > largest.0 {
            largest = (memory, name.to_owned());
        }
        let words = page.words();
        for seen in expected.unwrap_or_default() {
            let listed = page.attachments.iter().any(|file| file.name == *seen);
            assert!(listed || words.contains(seen), "{name}: {seen} is not seen in {:.300}", words);
        }
        if expected.is_none() && !page.shows_something() && !EMPTY.contains(&name) {
            unseen.push(name);
        }
    }
    println!("{} kept and {} made", count.0, count.1);
    println!("slowest: {:.3} s, {}", slowest.0, slowest.1);
    println!("most memory: {} bytes, {}", largest.0, largest.1);
    assert_eq!(unseen, [""; 0], "messages of which nothing is seen");
    assert_eq!(count, (301, 50));
}

#[test]
fn what_was_cut_off_is_known() {
    let whole = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b--\n";
    assert!(!read(whole.as_bytes()).cut_off);
    assert!(read(whole.trim_end_matches("--\n").as_bytes()).cut_off);
}
