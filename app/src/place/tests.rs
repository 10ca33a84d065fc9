//! Addresses, there and back.

use model::mailbox::MailboxName;

use super::{MessagePlaces, Place, key_of_segments, mailbox_of_segment, part_of_segment, segment_of_mailbox};

#[test]
fn every_mailbox_name_survives_the_way_through_an_address() {
    for name in [
        "INBOX",
        "Projects/2026",
        "Reisen & Büro",
        "日本語",
        "..",
        ".hidden",
        "100% ~sure~ a?b#c",
        "Quotes \"and\" back\\slash",
        "%2F",
        "~2F",
        "a+b",
    ] {
        let mailbox = MailboxName::new(name).unwrap();
        let segment = segment_of_mailbox(&mailbox);
        assert!(!segment.contains('/') && !segment.starts_with('.') && !segment.contains("%25"), "{segment}");
        assert_eq!(mailbox_of_segment(&segment), Some(mailbox.clone()), "{segment}");
        // A router may hand the segment over once decoded, or twice.
        let decoded = percent_encoding::percent_decode_str(&segment).decode_utf8().unwrap();
        assert_eq!(mailbox_of_segment(&decoded), Some(mailbox), "{decoded}");
    }
}

#[test]
fn addresses_are_spelled_as_written_here() {
    let mailbox = MailboxName::new("Projects/Ä b").unwrap();
    let list = Place::Mailbox { mailbox, offset: 50 };
    assert_eq!(list.to_string(), "/mail/me/Projects~2F%C3%84~20b?offset=50");
    let sign_in = Place::SignIn { next: Some(Box::new(list.clone())) };
    assert_eq!(
        sign_in.to_string(),
        "/sign-in?next=%2Fmail%2Fme%2FProjects%7E2F%25C3%2584%7E20b%3Foffset%3D50"
    );
    assert_eq!(Place::of_next("/mail/me/Projects~2F%C3%84~20b?offset=50"), Some(list));
}

#[test]
fn an_attached_message_is_a_page_below_the_one_that_it_came_with() {
    let key = key_of_segments("INBOX", "17.4").unwrap();
    let within = Some("2.1".parse().unwrap());
    let (mailbox, at) = (key.mailbox.clone(), key.at);
    let page = Place::Message { key: key.clone(), within: within.clone(), offset: 50 };
    assert_eq!(page.to_string(), "/mail/me/INBOX/17.4/2.1?offset=50");
    assert_eq!(Place::of_next(&page.to_string()), Some(page));
    let whole = Place::Message { key: key.clone(), within: None, offset: 50 };
    assert_eq!(whole.to_string(), MessagePlaces::new(mailbox, at.validity, 50).of(at.uid));
    for (place, spelled) in [
        (
            Place::Body { key: key.clone(), within: within.clone(), as_sent: false, pictures: true },
            "body/2.1?pictures=show",
        ),
        (Place::Source { key: key.clone(), within: None }, "source"),
        (Place::Archive { key: key.clone(), within }, "attachments.zip/2.1"),
        (Place::Preview { key, part: "3".parse().unwrap(), inside: Some(2) }, "preview/3-2"),
    ] {
        assert_eq!(place.to_string(), format!("/message/me/INBOX/17.4/{spelled}"));
    }
}

#[test]
fn a_file_inside_of_a_part_has_one_spelling() {
    let part: model::structure::PartNumber = "2.1".parse().unwrap();
    assert_eq!(part_of_segment("2.1"), Some((part.clone(), None)));
    assert_eq!(part_of_segment("2.1-3"), Some((part, Some(3))));
    for other in ["2.1-0", "2.1-03", "2.1-", "-3", "2.1-+3", "2.1-3-4"] {
        assert_eq!(part_of_segment(other), None, "{other}");
    }
}

#[test]
fn only_own_pages_are_places_to_go_next() {
    for path in [
        "//evil.example/mail/me/INBOX",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/mail/me/",
        "/mail/me/INBOX/1.1/x",
        "/mail/me/INBOX/1.1/2/3",
        "/mail/me/INBOX?offset=1&x=2",
        "/mail/me/~zz",
        "/sign-out",
        "",
    ] {
        assert_eq!(Place::of_next(path), None, "{path}");
    }
    assert!(Place::of_next("/mail/me/INBOX/17.4?offset=50").is_some());
}
