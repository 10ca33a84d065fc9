//! Invitations (iTIP, RFC 5546; iCalendar, RFC 5545): read from the calendar that a message carries.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency,
    ICalendarMethod, ICalendarParameterName, ICalendarParameterValue, ICalendarParticipationStatus,
    ICalendarProperty, ICalendarStatus, ICalendarValue,
};
use chrono::{NaiveDateTime, Offset, TimeZone};
use model::address::Address;
use model::invitation::{Answer, Clock, Every, Invitation, Purpose, Repeats, When};
use model::structure::Part;
use model::time::Timestamp;

use crate::header::shown;
use crate::limits::{
    ADDRESS_CHARACTERS, ATTENDEES, DESCRIPTION_CHARACTERS, EVENTS, INVITATION_BYTES, NAME_OF_PERSON,
    TITLE_CHARACTERS,
};

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The part of a message that holds an invitation: first one that says what it wants, as they stand among alternatives,
/// then any calendar. One that is too large is a file like any other, and so is one without a known size.
pub fn part(root: &Part) -> Option<&Part> {
    let mut found = Vec::new();
    calendars(root, &mut found);
    let asks = found.iter().find(|part| part.parameter("method").is_some());
    asks.or(found.first()).copied()
}

fn calendars<'a>(part: &'a Part, found: &mut Vec<&'a Part>) {
    if part.media == "multipart" {
        part.parts.iter().for_each(|child| calendars(child, found));
    } else if part.is("text", "calendar") || part.is("application", "ics") {
        let fits = part.size.is_some_and(|size| size <= INVITATION_BYTES as u64);
        found.extend(fits.then_some(part));
    }
}

/// Reads the first event of a calendar; `None` when there is none, or it is too large.
pub fn read(text: &str) -> Option<Invitation> {
    if text.len() > INVITATION_BYTES {
        return None;
    }
    let calendar = ICalendar::parse(text).ok()?;
    let mut events = calendar
        .components
        .iter()
        .filter(|component| component.component_type == ICalendarComponentType::VEvent)
        .take(EVENTS);
    let mut others: Vec<_> = events.by_ref().collect();
    // An exception of an event that repeats is about one day of it.
    let main = others.iter().position(|event| !event.has_property(&ICalendarProperty::RecurrenceId));
    let event = if others.is_empty() { return None } else { others.remove(main.unwrap_or(0)) };
    let zones = calendar.build_tz_resolver();
    let when = |property: &ICalendarProperty| {
        let entry = event.property(property)?;
        let ICalendarValue::PartialDateTime(written) = entry.values.first()? else { return None };
        let zone = entry.parameter(&ICalendarParameterName::Tzid).and_then(|zone| zone.as_text());
        self::when(written, zone, zone.and_then(|zone| zones.resolve(zone)))
    };
    let start = when(&ICalendarProperty::Dtstart);
    let end = when(&ICalendarProperty::Dtend).or_else(|| after(event, start.as_ref()?));
    let people = || event.properties(&ICalendarProperty::Attendee);
    let attendees = u32::try_from(people().take(ATTENDEES).count()).unwrap_or(u32::MAX);
    Some(Invitation {
        purpose: purpose(&calendar, event),
        title: words(event, &ICalendarProperty::Summary, TITLE_CHARACTERS),
        end: end
            .map(last_day)
            .filter(|end| start.as_ref().is_some_and(|start| end.at.seconds > start.at.seconds)),
        start,
        place: words(event, &ICalendarProperty::Location, TITLE_CHARACTERS),
        organiser: event.property(&ICalendarProperty::Organizer).and_then(person),
        attendees,
        repeats: repeats(event),
        description: words(event, &ICalendarProperty::Description, DESCRIPTION_CHARACTERS),
        others: u32::try_from(others.len()).unwrap_or(u32::MAX),
    })
}

fn purpose(calendar: &ICalendar, event: &ICalendarComponent) -> Purpose {
    let method = calendar.components.iter().find_map(|component| {
        match component.property(&ICalendarProperty::Method)?.values.first()? {
            ICalendarValue::Method(method) => Some(method.clone()),
            _ => None,
        }
    });
    let updated =
        event.property(&ICalendarProperty::Sequence).and_then(|entry| entry.values.first()?.as_integer());
    let cancelled = event.status() == Some(&ICalendarStatus::Cancelled);
    match method {
        Some(ICalendarMethod::Cancel) => Purpose::Cancels,
        Some(ICalendarMethod::Reply) => {
            let attendee = event.property(&ICalendarProperty::Attendee);
            Purpose::Answers { who: attendee.and_then(person), answer: attendee.map_or(Answer::Open, answer) }
        }
        Some(ICalendarMethod::Counter) => Purpose::Proposes,
        _ if cancelled => Purpose::Cancels,
        Some(ICalendarMethod::Request) if updated.is_some_and(|number| number > 0) => Purpose::Updates,
        Some(ICalendarMethod::Request | ICalendarMethod::Add) => Purpose::Invites,
        _ => Purpose::Informs,
    }
}

fn answer(attendee: &ICalendarEntry) -> Answer {
    use ICalendarParticipationStatus::{Accepted, Declined, Tentative};
    match attendee.parameter(&ICalendarParameterName::Partstat) {
        Some(ICalendarParameterValue::Partstat(Accepted)) => Answer::Accepted,
        Some(ICalendarParameterValue::Partstat(Tentative)) => Answer::Maybe,
        Some(ICalendarParameterValue::Partstat(Declined)) => Answer::Declined,
        _ => Answer::Open,
    }
}

/// Words of an event in one line; what several values say is said one after the other.
fn words(event: &ICalendarComponent, property: &ICalendarProperty, most: usize) -> String {
    let values = event.property(property).map(|entry| entry.values.as_slice()).unwrap_or_default();
    let words: Vec<_> = values.iter().filter_map(ICalendarValue::as_text).collect();
    shown(&words.join(", "), most)
}

fn person(entry: &ICalendarEntry) -> Option<Address> {
    let address = shown(entry.calendar_address().unwrap_or_default(), ADDRESS_CHARACTERS);
    let name = entry.parameter(&ICalendarParameterName::Cn).and_then(ICalendarParameterValue::as_text);
    let name = name.map(|name| shown(name, NAME_OF_PERSON)).filter(|name| !name.is_empty());
    (name.is_some() || !address.is_empty()).then_some(Address { name, address })
}

/// A time as it was written, by the clock of its zone. A time that a clock shows twice is the first of both.
fn when(written: &PartialDateTime, zone: Option<&str>, known: Option<Tz>) -> Option<When> {
    let local = written.to_date_time()?;
    let wall = Timestamp { seconds: local.date_time.and_utc().timestamp(), offset_minutes: 0 };
    if written.hour.is_none() {
        return Some(When { at: wall, clock: Clock::Day });
    }
    let known = local.tz().or(known).filter(|zone| !matches!(zone, Tz::Floating));
    let zoned = known.and_then(|zone| Some((at(local.date_time, zone)?, zone.name()?)));
    Some(match zoned {
        Some((at, name)) if name == "Etc/UTC" => When { at, clock: Clock::Zone("UTC".to_owned()) },
        Some((at, name)) => When { at, clock: Clock::Zone(name.into_owned()) },
        None => When { at: wall, clock: Clock::Wall(zone.map(|zone| shown(zone, NAME_OF_PERSON))) },
    })
}

fn at(local: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    let moment = zone.from_local_datetime(&local).earliest()?;
    let minutes = moment.offset().fix().local_minus_utc() / 60;
    Some(Timestamp { seconds: moment.timestamp(), offset_minutes: i16::try_from(minutes).ok()? })
}

/// The end of an event that says how long it takes (RFC 5545 §3.8.2.5).
fn after(event: &ICalendarComponent, start: &When) -> Option<When> {
    let ICalendarValue::Duration(duration) = event.property(&ICalendarProperty::Duration)?.values.first()?
    else {
        return None;
    };
    // Numbers of strangers are larger than any event.
    let parts = [(duration.weeks, 604_800), (duration.days, SECONDS_OF_A_DAY), (duration.hours, 3_600)];
    let parts = parts.into_iter().chain([(duration.minutes, 60), (duration.seconds, 1)]);
    let seconds = parts.map(|(number, length)| i64::from(number).saturating_mul(length));
    let seconds = seconds.fold(0, i64::saturating_add);
    let fits = !duration.neg && seconds < LONGEST;
    let seconds = start.at.seconds.checked_add(seconds).filter(|_| fits)?;
    Some(When { at: Timestamp { seconds, ..start.at }, clock: start.clock.clone() })
}

/// Seconds of the longest event whose length is believed: ten years.
const LONGEST: i64 = 10 * 366 * SECONDS_OF_A_DAY;

/// Whole days end where the next begins (RFC 5545 §3.6.1); people name the last one.
fn last_day(end: When) -> When {
    if end.clock != Clock::Day {
        return end;
    }
    let seconds = end.at.seconds.saturating_sub(SECONDS_OF_A_DAY);
    When { at: Timestamp { seconds, ..end.at }, ..end }
}

fn repeats(event: &ICalendarComponent) -> Option<Repeats> {
    let somehow = Repeats { every: Every::Other, interval: 1, times: None, until: None };
    let Some(entry) = event.property(&ICalendarProperty::Rrule) else {
        return event.has_property(&ICalendarProperty::Rdate).then_some(somehow);
    };
    let Some(ICalendarValue::RecurrenceRule(rule)) = entry.values.first() else { return Some(somehow) };
    let every = match rule.freq {
        ICalendarFrequency::Daily => Every::Day,
        ICalendarFrequency::Weekly => Every::Week,
        ICalendarFrequency::Monthly => Every::Month,
        ICalendarFrequency::Yearly => Every::Year,
        _ => Every::Other,
    };
    let until = rule.until.as_ref().and_then(|until| when(until, None, None)).map(|until| until.at);
    Some(Repeats { every, interval: rule.interval.unwrap_or(1).max(1), times: rule.count, until })
}

#[cfg(test)]
mod tests;
