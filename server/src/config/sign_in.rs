//! `[sign_in]`: who may sign in, and with what besides the password.

use std::path::PathBuf;
use std::time::Duration;

use super::keys;
use super::load::Reader;
use super::value::Value;

/// Who may sign in, and with what besides the password.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// A file that knows in which country a network address is.
    pub geoip_file: Option<PathBuf>,
    /// Whose addresses may sign in; empty for all.
    pub domains: Vec<Domain>,
    /// What holds for whoever is in none of the lists.
    pub second_factor: SecondFactor,
    /// Who must have a second factor.
    pub required_for: Vec<Who>,
    /// Who has none.
    pub off_for: Vec<Who>,
    /// How long somebody who must set one up may sign in without it.
    pub grace: Duration,
}

impl SignIn {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let geoip_file = reader.optional(&keys::SIGN_IN_GEOIP_FILE);
        let domains = reader.optional(&keys::SIGN_IN_DOMAINS).unwrap_or_default();
        let second_factor = reader.default(&keys::SIGN_IN_SECOND_FACTOR);
        let required_for: Vec<Who> = reader.optional(&keys::SIGN_IN_REQUIRED_FOR).unwrap_or_default();
        let off_for: Vec<Who> = reader.optional(&keys::SIGN_IN_OFF_FOR).unwrap_or_default();
        let grace = reader.default(&keys::SIGN_IN_GRACE);
        if let Some(both) = off_for.iter().find(|who| required_for.contains(who)) {
            reader.refuse(
                &keys::SIGN_IN_OFF_FOR,
                &format!("must name nobody whom sign_in.required_for names too: {} is in both", both.0),
            );
        }
        Some(Self {
            geoip_file,
            domains,
            second_factor: second_factor?,
            required_for,
            off_for,
            grace: grace?,
        })
    }

    /// Whether an address of this spelling may sign in at all. Who may not is to be told what a wrong password is told.
    pub fn admits(&self, login: &str) -> bool {
        let login = spelled(login);
        let domain = login.rsplit_once('@').map(|(_, domain)| domain);
        self.domains.is_empty() || domain.is_some_and(|domain| self.domains.iter().any(|one| one.0 == domain))
    }

    /// What was decided about second factors for somebody. Who is named as a whole address is asked for before their
    /// domain, and their domain before everybody.
    pub fn policy_of(&self, login: &str) -> SecondFactor {
        let login = spelled(login);
        let named = |list: &[Who], name: &str| list.iter().any(|who| who.0 == name);
        let domain = login.rsplit_once('@').map(|(_, domain)| domain);
        for name in [Some(login.as_str()), domain].into_iter().flatten() {
            if named(&self.required_for, name) {
                return SecondFactor::Required;
            }
            if named(&self.off_for, name) {
                return SecondFactor::Off;
            }
        }
        self.second_factor
    }
}

/// The spelling in which addresses are compared, as `database::PersonId` does.
fn spelled(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What an operator decides about second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// There are none.
    Off,
    /// Who wants one has one.
    Optional,
    /// Everybody has one.
    Required,
}

impl Value for SecondFactor {
    const WANTED: &'static str = "off, optional or required";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            "optional" => Some(Self::Optional),
            "required" => Some(Self::Required),
            _ => None,
        }
    }
}

/// The part of an address behind the `@`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain(String);

impl Value for Domain {
    const WANTED: &'static str = "a list of domains, as they stand behind the @";

    fn parse(text: &str) -> Option<Self> {
        let domain = spelled(text);
        let label = |label: &str| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
        };
        (domain.len() <= 253 && domain.split('.').all(label)).then_some(Self(domain))
    }
}

/// A domain, or one whole address, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who(String);

impl Value for Who {
    const WANTED: &'static str = "a list of domains and whole addresses";

    fn parse(text: &str) -> Option<Self> {
        let name = spelled(text);
        let visible =
            |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
        match name.rsplit_once('@') {
            Some((local, domain)) => {
                (visible(local) && Domain::parse(domain).is_some()).then_some(Self(name))
            }
            None => Domain::parse(&name).map(|Domain(name)| Self(name)),
        }
    }
}
