//! Letters that tell the owner of an account what happened to it. They are put into its Inbox over IMAP: no submission
//! server is needed, and none of them ever travels.

use std::time::{Duration, UNIX_EPOCH};

use app::contract::account::Origin;
use app::failure::Failure;
use app::text::Language;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, header};
use model::mailbox::MailboxName;
use model::time::Timestamp;
use time::OffsetDateTime;
use url::Url;

use super::unusual::Unusual;
use crate::failure::{internal, of_imap, reference};
use crate::mail::Person;

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A sign-in was unlike all earlier ones.
    UnusualSignIn(Unusual),
    /// A recovery code was used, and so many are left.
    RecoveryCodeUsed {
        /// Codes that were not used yet.
        left: u32,
    },
    /// A second factor was set up.
    FactorAdded,
    /// There are new recovery codes, and the old ones are worth nothing.
    RecoveryCodesMade,
    /// A second factor was removed.
    FactorRemoved,
    /// The operator removed all of them.
    FactorsReset,
    /// So many passwords and codes were refused before somebody signed in.
    Refused {
        /// How many.
        times: usize,
    },
}

impl Notice {
    fn subject(self) -> &'static str {
        match self {
            Self::UnusualSignIn(_) => "notice-subject-sign-in",
            Self::RecoveryCodeUsed { .. } => "notice-subject-recovery",
            Self::FactorRemoved | Self::FactorsReset => "notice-subject-factor",
            Self::FactorAdded | Self::RecoveryCodesMade => "notice-subject-changed",
            Self::Refused { .. } => "notice-subject-refused",
        }
    }

    fn what(self, language: Language) -> String {
        match self {
            Self::UnusualSignIn(Unusual::NewBrowser) => language.text("notice-new-browser"),
            Self::UnusualSignIn(Unusual::NewCountry) => language.text("notice-new-country"),
            Self::UnusualSignIn(Unusual::TooFar) => language.text("notice-too-far"),
            Self::RecoveryCodeUsed { left } => language.text_with("notice-recovery-used", "left", left),
            Self::FactorAdded => language.text("notice-factor-added"),
            Self::RecoveryCodesMade => language.text("notice-recovery-made"),
            Self::FactorRemoved => language.text("notice-factor-removed"),
            Self::FactorsReset => language.text("notice-factors-reset"),
            Self::Refused { times } => language.text_with("notice-refused", "times", times),
        }
    }

    /// The letter (RFC 5322) to the account of this address: what happened, when, from where and with what, and what to do.
    /// It says that a machine wrote it (RFC 3834 §5), so that no other machine answers.
    ///
    /// # Errors
    /// [`Failure::Internal`] for a login that cannot stand in a letter.
    pub fn letter(
        self,
        login: &str,
        origin: &Origin,
        public_url: &Url,
        language: Language,
        now: i64,
    ) -> Result<Vec<u8>, Failure> {
        // Where people sign in with a name alone, the letter comes from this house.
        let house = public_url.host_str().unwrap_or("localhost");
        let to =
            if login.contains('@') { login.trim().to_owned() } else { format!("{}@{house}", login.trim()) };
        let domain = to.rsplit_once('@').map_or(house, |(_, domain)| domain);
        let address =
            |text: &str| text.parse().map_err(|error| internal(&error as &lettre::address::AddressError));
        let from = Mailbox::new(Some(language.text("product")), address(&format!("no-reply@{domain}"))?);
        let sent = UNIX_EPOCH + Duration::from_secs(now.max(0).unsigned_abs());
        let machine =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        let letter = Message::builder()
            .from(from)
            .to(Mailbox::new(None, address(&to)?))
            .subject(language.text(self.subject()))
            .date(sent)
            .message_id(Some(format!("<{now}.{}@{domain}>", reference())))
            .raw_header(machine)
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Content-Language"),
                language.tag().into(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .header(header::ContentTransferEncoding::QuotedPrintable)
            .body(self.body(origin, public_url, language, now))
            .map_err(|error| internal(&error))?;
        Ok(letter.formatted())
    }

    fn body(self, origin: &Origin, public_url: &Url, language: Language, now: i64) -> String {
        let mut lines = vec![self.what(language), String::new()];
        if let Ok(when) = OffsetDateTime::from_unix_timestamp(now) {
            let (date, hour, minute) = (when.date(), when.hour(), when.minute());
            lines.push(language.text_with("notice-when", "when", format!("{date} {hour:02}:{minute:02}")));
        }
        let country = origin.country.as_deref().unwrap_or_default();
        for (key, name, value) in [
            ("notice-address", "address", origin.address.as_str()),
            ("notice-country", "country", country),
            ("notice-browser", "browser", origin.browser.as_str()),
        ] {
            if !value.is_empty() {
                lines.push(language.text_with(key, name, value));
            }
        }
        lines.extend([
            String::new(),
            language.text("notice-was-it-you"),
            language.text_with("notice-if-not", "url", public_url.as_str()),
            String::new(),
        ]);
        lines.join("\n")
    }
}

/// Puts a letter into the Inbox of a person, unread. Nobody who signs in should wait for it. When a connection that served
/// before dies under it, it is put there once more: two of them are better than none.
///
/// # Errors
/// As the mail server answers: the account may be full.
pub async fn deliver(person: &Person, letter: Vec<u8>, now: i64) -> Result<(), Failure> {
    let received = Timestamp { seconds: now, offset_minutes: 0 };
    loop {
        let mut lease = person.pool().lease(None).await.map_err(of_imap)?;
        match lease.append(&MailboxName::inbox(), &[], Some(received), letter.clone()).await {
            // Each turn uses up one connection that served before, so this ends.
            Err(imap::Error::OutcomeUnknown { .. }) if lease.is_reused() => {}
            outcome => return outcome.map(drop).map_err(of_imap),
        }
    }
}

#[cfg(test)]
mod tests {
    use app::contract::account::Origin;
    use app::text::Language;
    use url::Url;

    use super::{Notice, Unusual};

    fn letter(notice: Notice, login: &str, browser: &str, language: Language) -> String {
        let origin =
            Origin { address: "192.0.2.7".into(), country: Some("DE".into()), browser: browser.into() };
        let url = Url::parse("https://mail.example.org/").unwrap();
        String::from_utf8(notice.letter(login, &origin, &url, language, 1_800_000_000).unwrap()).unwrap()
    }

    #[test]
    fn a_letter_says_what_when_from_where_and_that_a_machine_wrote_it() {
        let notice = Notice::UnusualSignIn(Unusual::NewCountry);
        let letter = letter(notice, "ada@example.org", "Firefox (Linux)", Language::English);
        for line in [
            "From: Pennypost <no-reply@example.org>\r\n",
            "To: ada@example.org\r\n",
            "Subject: An unusual sign-in to your mail\r\n",
            "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Message-ID: <1800000000.",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "When: 2027-01-15 08:00 (UTC)\r\n",
            "From: 192.0.2.7\r\n",
            "Country: DE\r\n",
            "With: Firefox (Linux)\r\n",
        ] {
            assert!(letter.contains(line), "{line} in {letter}");
        }
        assert!(!letter.replace("\r\n", "").contains(['\r', '\n']), "{letter}");
    }

    #[test]
    fn every_letter_has_words_in_every_language() {
        let notices = [
            Notice::UnusualSignIn(Unusual::NewBrowser),
            Notice::UnusualSignIn(Unusual::NewCountry),
            Notice::UnusualSignIn(Unusual::TooFar),
            Notice::RecoveryCodeUsed { left: 0 },
            Notice::RecoveryCodeUsed { left: 1 },
            Notice::RecoveryCodeUsed { left: 7 },
            Notice::FactorAdded,
            Notice::RecoveryCodesMade,
            Notice::FactorRemoved,
            Notice::FactorsReset,
            Notice::Refused { times: 20 },
        ];
        for language in Language::ALL {
            let mut bodies: Vec<_> = notices
                .iter()
                .map(|notice| {
                    let subject = language.text(notice.subject());
                    let url = Url::parse("https://mail.example.org/").unwrap();
                    let body = notice.body(&Origin::default(), &url, language, 0);
                    assert!(
                        subject.contains(' ') && !body.contains("notice-") && !body.contains('$'),
                        "{body}"
                    );
                    assert!(body.contains("https://mail.example.org/"), "{body}");
                    body
                })
                .collect();
            bodies.dedup();
            assert_eq!(bodies.len(), notices.len());
        }
    }

    #[test]
    fn a_hostile_browser_adds_no_header_and_a_name_without_domain_gets_one() {
        let letter = letter(Notice::FactorRemoved, "ada", "a\r\nBcc: eve@example.org", Language::German);
        let (head, _) = letter.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("To: ada@mail.example.org") && !head.contains("Bcc"), "{head}");
        let origin = Origin::default();
        let url = Url::parse("https://mail.example.org/").unwrap();
        for login in ["ada@example.org\r\nBcc: eve@example.org", "@", "a b@c d"] {
            assert!(
                Notice::FactorRemoved.letter(login, &origin, &url, Language::English, 0).is_err(),
                "{login}"
            );
        }
    }
}
