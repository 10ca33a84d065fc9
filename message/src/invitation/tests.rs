use model::invitation::{Answer, Clock, Every, Invitation, Purpose};
use model::structure::Part;
use proptest::prelude::*;

use super::{part, read};

fn event(method: &str, lines: &str) -> Option<Invitation> {
    let lines = lines.replace('\n', "\r\n");
    read(&format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}\r\nBEGIN:VEVENT\r\nUID:1@x.test\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ))
}

fn asked(lines: &str) -> Invitation {
    event("METHOD:REQUEST", lines).unwrap()
}

#[test]
fn an_invitation_says_what_when_where_and_who() {
    let found = asked(
        "SUMMARY:Plan\\, and\n  more\nLOCATION:Room 4\nDTSTART;TZID=Europe/Berlin:20261124T140000\n\
         DTEND;TZID=Europe/Berlin:20261124T153000\nORGANIZER;CN=\"Ben Okafor\":mailto:ben@x.test\n\
         ATTENDEE:mailto:a@x.test\nATTENDEE:mailto:b@x.test\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5\nDESCRIPTION:One\\ntwo",
    );
    assert_eq!(found.purpose, Purpose::Invites);
    assert_eq!((found.title.as_str(), found.place.as_str()), ("Plan, and more", "Room 4"));
    let start = found.start.unwrap();
    assert_eq!(start.at.rfc3339(), "2026-11-24T14:00:00+01:00");
    assert_eq!(start.clock, Clock::Zone("Europe/Berlin".into()));
    assert_eq!(found.end.unwrap().at.date_and_time(), "2026-11-24 15:30");
    let organiser = found.organiser.unwrap();
    assert_eq!((organiser.name.as_deref(), organiser.address.as_str()), (Some("Ben Okafor"), "ben@x.test"));
    assert_eq!((found.attendees, found.description.as_str()), (2, "One two"));
    let repeats = found.repeats.unwrap();
    assert_eq!((repeats.every, repeats.interval, repeats.times), (Every::Week, 2, Some(5)));
}

#[test]
fn what_a_message_does_to_an_event_is_named() {
    for (method, lines, expected) in [
        ("METHOD:REQUEST", "SUMMARY:x\nSEQUENCE:2", Purpose::Updates),
        ("METHOD:CANCEL", "SUMMARY:x", Purpose::Cancels),
        ("METHOD:REQUEST", "SUMMARY:x\nSTATUS:CANCELLED", Purpose::Cancels),
        ("METHOD:COUNTER", "SUMMARY:x", Purpose::Proposes),
        ("METHOD:PUBLISH", "SUMMARY:x", Purpose::Informs),
        ("X-NONE:1", "SUMMARY:x", Purpose::Informs),
        ("METHOD:REPLY", "SUMMARY:x", Purpose::Answers { who: None, answer: Answer::Open }),
    ] {
        assert_eq!(event(method, lines).unwrap().purpose, expected, "{method} {lines}");
    }
    let reply = event("METHOD:REPLY", "ATTENDEE;PARTSTAT=DECLINED;CN=Anna:mailto:a@x.test").unwrap();
    let Purpose::Answers { who, answer } = reply.purpose else { panic!("no answer") };
    assert_eq!((who.unwrap().label().to_owned(), answer), ("Anna".to_owned(), Answer::Declined));
}

#[test]
fn times_are_by_the_clock_that_they_name() {
    let start = |line: &str| asked(line).start.unwrap();
    assert_eq!(start("DTSTART:20260101T120000Z").clock, Clock::Zone("UTC".into()));
    assert_eq!(start("DTSTART:20260101T120000").clock, Clock::Wall(None));
    let windows = start("DTSTART;TZID=W. Europe Standard Time:20260701T120000");
    assert_eq!(windows.at.offset_minutes, 120, "{windows:?}");
    let nowhere = start("DTSTART;TZID=Mars/Olympus:20260101T120000");
    assert_eq!(nowhere.clock, Clock::Wall(Some("Mars/Olympus".into())));
    assert_eq!(nowhere.at.date_and_time(), "2026-01-01 12:00");
    // The hour that comes twice, and the one that never comes.
    assert_eq!(start("DTSTART;TZID=Europe/Berlin:20261025T023000").at.offset_minutes, 120);
    assert!(matches!(start("DTSTART;TZID=Europe/Berlin:20260329T023000").clock, Clock::Wall(Some(_))));
}

#[test]
fn whole_days_end_on_their_last_day() {
    let days = asked("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260404");
    assert_eq!(days.start.unwrap().clock, Clock::Day);
    assert_eq!(days.end.unwrap().at.date(), "2026-04-03");
    assert_eq!(asked("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260402").end, None);
    let long = asked("DTSTART:20260101T120000Z\nDURATION:PT1H30M");
    assert_eq!(long.end.unwrap().at.date_and_time(), "2026-01-01 13:30");
}

#[test]
fn markup_and_tricks_in_words_stay_words() {
    let found = asked("SUMMARY:<svg onload=alert(1)>\\n\u{202e}gpj.exe\nORGANIZER:javascript:alert(1)");
    assert_eq!(found.title, "<svg onload=alert(1)> gpj.exe");
    assert_eq!(found.organiser.unwrap().address, "javascript:alert(1)");
    let long = asked(&format!("SUMMARY:{}\nDESCRIPTION:{}", "x".repeat(50_000), "y".repeat(100_000)));
    assert!(long.title.chars().count() <= 301 && long.description.chars().count() <= 601);
}

#[test]
fn what_is_hostile_is_read_or_left() {
    let begin = || "BEGIN:VCALENDAR\r\n".to_owned();
    for text in [
        begin() + &"BEGIN:VEVENT\r\n".repeat(18_000),
        begin() + &"BEGIN:VEVENT\r\n".repeat(8_000) + &"END:VEVENT\r\n".repeat(8_000),
        begin() + &"BEGIN:VEVENT\r\nEND:VEVENT\r\n".repeat(8_000),
        begin() + "BEGIN:VEVENT\r\nATTENDEE:" + &"x;".repeat(100_000),
        begin() + "BEGIN:VEVENT\r\n" + &"ATTENDEE:mailto:a@b.test\r\n".repeat(9_000),
        begin() + &"BEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\n".repeat(5_000),
        "BEGIN:VEVENT\r\nDTSTART:99999999T999999Z\r\nDURATION:P4294967295W\r\nEND:VEVENT\r\n".to_owned(),
        "\u{feff}".to_owned(),
        String::new(),
        "x".repeat(300_000),
    ] {
        if let Some(found) = read(&text) {
            assert!(found.attendees <= 1_000 && found.others < 1_000);
        }
    }
}

proptest! {
    #[test]
    fn no_line_ends_the_reader(
        name in "(DTSTART|DTEND|DURATION|RRULE|RDATE|SEQUENCE|ATTENDEE|ORGANIZER|STATUS|RECURRENCE-ID|TZOFFSETTO)",
        parameter in "(|;TZID=.{0,9}|;VALUE=DATE|;VALUE=PERIOD|;CN=.{0,5}|;VALUE=DURATION)",
        value in "([-+]?P?[0-9TZDHMSW]{0,20}|[0-9]{8}T[0-9]{6}Z?|FREQ=[A-Z]{0,7};(COUNT|INTERVAL|UNTIL)=[0-9]{0,12}|.{0,30})",
    ) {
        let line = format!("{name}{parameter}:{value}");
        let _ = event("METHOD:REQUEST", &line);
        let _ = event("METHOD:REQUEST", &format!("DTSTART:20260101T120000Z\n{line}"));
        let zone = format!("BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\n{line}\r\nEND:STANDARD\r\nEND:VTIMEZONE");
        let _ = event(&zone, "DTSTART;TZID=x:20260101T120000");
    }
}

#[test]
fn the_part_that_asks_is_found_and_one_too_large_is_a_file() {
    let calendar = |method: bool, size: u64| {
        let parameters = if method { vec![("method".into(), "REQUEST".into())] } else { Vec::new() };
        let (media, subtype) = ("text".into(), "calendar".into());
        Part { media, subtype, parameters, size: Some(size), ..Part::default() }
    };
    let multipart =
        |parts| Part { media: "multipart".into(), subtype: "mixed".into(), parts, ..Part::default() };
    let root = multipart(vec![calendar(false, 10), multipart(vec![calendar(true, 20)])]);
    assert_eq!(part(&root).and_then(|part| part.size), Some(20));
    assert!(part(&multipart(vec![calendar(true, 300 * 1024)])).is_none());
    let (media, subtype) = ("message".into(), "rfc822".into());
    let inside = Part { media, subtype, parts: vec![calendar(true, 9)], ..Part::default() };
    assert!(part(&inside).is_none());
}
