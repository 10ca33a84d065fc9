//! Reports: what mail servers (RFC 3464) and mail programs (RFC 8098) say of a message that was sent earlier.

use model::report::{Action, Delivery, Disposition, Reading, Reason, Report};
use model::structure::Part;

use crate::header::{decode, shown, split};
use crate::limits::{ADDRESS_CHARACTERS, FIELD_CHARACTERS, RECIPIENTS, REPORT_BYTES};
use crate::transfer::unpack;

/// The part of a message that is written for programs; `None` where it is no report. An attached message is another
/// message.
pub fn part(root: &Part) -> Option<&Part> {
    if root.media == "multipart" {
        return root.parts.iter().find_map(part);
    }
    let delivery = matches!(root.subtype.as_str(), "delivery-status" | "global-delivery-status");
    let reading =
        matches!(root.subtype.as_str(), "disposition-notification" | "global-disposition-notification");
    (root.media == "message" && (delivery || reading)).then_some(root)
}

/// Reads that part, as it travelled. `None` where it tells of nobody.
pub fn read(part: &Part, packed: &[u8]) -> Option<Report> {
    let bytes = unpack(packed.get(..REPORT_BYTES).unwrap_or(packed), part.encoding);
    let groups = groups(&bytes);
    if part.subtype.ends_with("disposition-notification") {
        return groups.iter().find_map(reading).map(Report::Reading);
    }
    let recipients: Vec<_> = groups.iter().filter_map(delivery).take(RECIPIENTS).collect();
    (!recipients.is_empty()).then_some(Report::Delivery(recipients))
}

/// Fields that belong together: names in lower case, and values fit to be shown.
type Group = Vec<(String, String)>;

/// Groups with an empty line between two (RFC 3464 §2.1).
fn groups(bytes: &[u8]) -> Vec<Group> {
    let mut groups = vec![Group::new()];
    let mut begin = 0;
    for end in line_ends(bytes) {
        let line = bytes.get(begin..end).unwrap_or_default();
        if line.trim_ascii().is_empty() {
            groups.push(Group::new());
        } else if let Some((last, fields)) = groups.last_mut().map(|group| (group.is_empty(), group)) {
            // A folded line goes on with the field before it.
            let goes_on = matches!(line.first(), Some(b' ' | b'\t')) && !last;
            if let (true, Some((_, value))) = (goes_on, fields.last_mut()) {
                value.push(' ');
                value.push_str(&decode(line));
                *value = shown(value, FIELD_CHARACTERS);
            } else if let Some((name, value)) = split(line).next() {
                fields.push((String::from_utf8_lossy(name).to_ascii_lowercase(), decode(value)));
            }
        }
        begin = end;
    }
    groups
}

/// Where each line ends.
fn line_ends(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    breaks.chain((!bytes.ends_with(b"\n")).then_some(bytes.len()))
}

fn find<'a>(group: &'a Group, name: &str) -> Option<&'a str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What follows the type, as in `rfc822; anna@demo.test`.
fn untyped(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, value)| value).trim()
}

/// An address behind its type, without angle brackets.
fn address(group: &Group, name: &str) -> Option<String> {
    let stated = untyped(find(group, name)?).trim_matches(['<', '>', ' ']);
    (!stated.is_empty()).then(|| shown(stated, ADDRESS_CHARACTERS))
}

fn delivery(group: &Group) -> Option<Delivery> {
    let recipient = address(group, "original-recipient").or_else(|| address(group, "final-recipient"))?;
    let action = match find(group, "action")?.to_ascii_lowercase().split_whitespace().next()? {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => return None,
    };
    let words = find(group, "diagnostic-code").map(untyped).filter(|words| !words.is_empty());
    let stated = find(group, "status").and_then(code);
    // Many servers state 5.0.0 and say what they mean in words.
    let vague = stated.is_none_or(|(_, subject, detail)| subject == 0 && detail == 0);
    let spoken = words.filter(|_| vague).and_then(code_in_words);
    let meant = spoken.or(stated);
    Some(Delivery {
        recipient,
        action,
        status: meant.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}")),
        reason: meant.and_then(|(_, subject, detail)| reason(subject, detail)),
        words: words.map(str::to_owned),
        server: address(group, "remote-mta"),
    })
}

/// A status code (RFC 3463 §2); a comment may follow.
fn code(text: &str) -> Option<(u8, u16, u16)> {
    let word = text.split(|c: char| c.is_whitespace() || c == '(').find(|word| !word.is_empty())?;
    let mut numbers = word.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let class = class.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?;
    numbers.next().is_none().then_some((class, subject.parse().ok()?, detail.parse().ok()?))
}

/// The first status code among words such as `550 5.1.1 no such user`, or `550-5.1.1`.
fn code_in_words(words: &str) -> Option<(u8, u16, u16)> {
    let mut candidates = words.split(|c: char| !c.is_ascii_digit() && c != '.').take(20);
    candidates.find_map(|word| code(word.trim_end_matches('.')))
}

/// What a code means, as far as people have words for it (RFC 3463 §3, RFC 7372, RFC 7505).
fn reason(subject: u16, detail: u16) -> Option<Reason> {
    Some(match (subject, detail) {
        (1, 1) => Reason::UnknownMailbox,
        (1, 2 | 10) | (4, 3) => Reason::UnknownDomain,
        (1, 3 | 4) => Reason::MalformedAddress,
        (1, 6) => Reason::Moved,
        (1, 7 | 8) => Reason::SenderRefused,
        (2, 1) => Reason::MailboxDisabled,
        (2, 2) => Reason::MailboxFull,
        (2, 3) | (3, 4) => Reason::TooLarge,
        (2, 4) | (7, 2) => Reason::MailingList,
        (3, 1) => Reason::SystemFull,
        (4, 6) => Reason::Loop,
        (4, 7) => Reason::Expired,
        (4, 1 | 2 | 4 | 5) | (3, 2) => Reason::Unreachable,
        (5, _) => Reason::Protocol,
        (6, _) => Reason::Content,
        (7, 20..=27) => Reason::Unauthenticated,
        (7, _) => Reason::Policy,
        _ => return None,
    })
}

fn reading(group: &Group) -> Option<Reading> {
    let stated = find(group, "disposition")?.to_ascii_lowercase();
    let (mode, what) = stated.split_once(';').unwrap_or(("", &stated));
    // Modifiers follow a slash.
    let disposition = match what.split(['/', ',']).next().unwrap_or_default().trim() {
        "displayed" => Disposition::Displayed,
        "deleted" => Disposition::Deleted,
        "dispatched" => Disposition::Dispatched,
        "processed" => Disposition::Processed,
        "denied" => Disposition::Denied,
        "failed" => Disposition::Failed,
        _ => return None,
    };
    Some(Reading {
        recipient: address(group, "original-recipient").or_else(|| address(group, "final-recipient"))?,
        disposition,
        automatic: mode.contains("automatic-action"),
    })
}

#[cfg(test)]
mod tests {
    use model::report::{Action, Disposition, Reason, Report};

    use super::{part, read};
    use crate::mime;

    fn reported(subtype: &str, body: &str) -> Option<Report> {
        let raw = format!(
            "Content-Type: multipart/report; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: message/{subtype}\n\n{body}\n--b--\n"
        );
        let tree = mime::read(raw.as_bytes());
        let part = part(tree.root())?;
        read(part, tree.body(&part.number)?)
    }

    #[test]
    fn every_recipient_of_a_delivery_report_is_told_of() {
        let report = reported(
            "delivery-status",
            "Reporting-MTA: dns; mx.demo.test\nArrival-Date: x\n\n\
             Final-Recipient: RFC822; <anna@demo.test>\nAction: failed\nStatus: 5.1.1 (unknown)\n\
             Remote-MTA: dns; mail.demo.test\nDiagnostic-Code: smtp; 550 5.1.1\n   no such user\n\n\
             Original-Recipient: rfc822;ben@demo.test\nFinal-Recipient: rfc822;b@other.test\nAction: Delayed\nStatus: 4.0.0\n\
             Diagnostic-Code: smtp; 452-4.2.2 over quota\n\nX: no recipient\n",
        );
        let Some(Report::Delivery(all)) = report else { panic!("{report:?}") };
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].recipient.as_str(), all[0].action), ("anna@demo.test", Action::Failed));
        assert_eq!((all[0].status.as_deref(), all[0].reason), (Some("5.1.1"), Some(Reason::UnknownMailbox)));
        assert_eq!(all[0].words.as_deref(), Some("550 5.1.1 no such user"));
        assert_eq!(all[0].server.as_deref(), Some("mail.demo.test"));
        assert_eq!((all[1].recipient.as_str(), all[1].action), ("ben@demo.test", Action::Delayed));
        assert_eq!((all[1].status.as_deref(), all[1].reason), (Some("4.2.2"), Some(Reason::MailboxFull)));
    }

    #[test]
    fn a_reading_report_says_what_was_done() {
        let report = reported(
            "disposition-notification",
            "Reporting-UA: x\nFinal-Recipient: rfc822;anna@demo.test\nDisposition: automatic-action/MDN-sent-automatically; displayed/error\n",
        );
        let Some(Report::Reading(reading)) = report else { panic!("{report:?}") };
        assert_eq!((reading.disposition, reading.automatic), (Disposition::Displayed, true));
    }

    #[test]
    fn what_tells_of_nobody_is_no_report() {
        for body in
            ["", "Action: failed\n", "Final-Recipient: rfc822; a@x\nAction: sung\n", ": :\n\n\n", " x\n"]
        {
            assert_eq!(reported("delivery-status", body), None, "{body}");
        }
        assert_eq!(reported("plain", "Final-Recipient: rfc822; a@x\nAction: failed\n"), None);
    }

    #[test]
    fn a_report_about_thousands_is_cut_and_nothing_in_it_is_hidden() {
        let one =
            "Final-Recipient: rfc822; a\u{202e}@x.test\nAction: failed\nDiagnostic-Code: x; \u{7}boo\n\n";
        let Some(Report::Delivery(all)) = reported("delivery-status", &one.repeat(20_000)) else { panic!() };
        assert_eq!(
            (all.len(), all[0].recipient.as_str(), all[0].words.as_deref()),
            (100, "a@x.test", Some("boo"))
        );
        for hostile in ["\n", ":\n", "a:\n b\n", "Final-Recipient:;\n", "\r", " \n"] {
            reported("delivery-status", &hostile.repeat(50_000));
        }
    }
}
