//! What a value may be. Every type says in words what it accepts, for the person whose value was refused.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// A value that can be read from text.
pub(crate) trait Value: Sized {
    /// What a right value is, after "must be".
    const WANTED: &'static str;

    /// The value, unless the text is not one.
    fn parse(text: &str) -> Option<Self>;
}

/// The name or address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// As it was written, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Value for Host {
    const WANTED: &'static str = "a host name or an IP address, without scheme and port";

    fn parse(text: &str) -> Option<Self> {
        // Some names of containers have underscores.
        let label = |label: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            (1..=63).contains(&label.len()) && label.bytes().all(allowed) && !label.starts_with('-')
        };
        // What ends in a number must be an address as a whole, not a name.
        let last_is_number =
            text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        let name = text.len() <= 253 && text.split('.').all(label) && !last_is_number;
        (name || text.parse::<std::net::IpAddr>().is_ok()).then(|| Self(text.to_ascii_lowercase()))
    }
}

/// A TCP port.
pub(super) type Port = NonZeroU16;

impl Value for Port {
    const WANTED: &'static str = "a port from 1 to 65535";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A small number of things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count(pub(super) usize);

impl Value for Count {
    const WANTED: &'static str = "a whole number from 1 to 100000";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| (1..=100_000).contains(number)).map(Self)
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) usize);

impl Value for Bytes {
    const WANTED: &'static str = "a whole number of KiB, MiB or GiB, such as 64MiB, or 0";

    fn parse(text: &str) -> Option<Self> {
        if text == "0" {
            return Some(Self(0));
        }
        let (number, unit) = text.split_at_checked(text.len().checked_sub(3)?)?;
        let unit = match unit {
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return None,
        };
        // A sign is no part of a size.
        let number =
            number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<usize>().ok())??;
        number.checked_mul(unit).map(Self)
    }
}

impl Value for Duration {
    const WANTED: &'static str =
        "a time in whole seconds, minutes, hours or days, at least 1s and at most 365d";

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            _ => return None,
        };
        let seconds = number.parse::<u64>().ok()?.checked_mul(unit)?;
        (1..=365 * 24 * 60 * 60).contains(&seconds).then(|| Self::from_secs(seconds))
    }
}

/// How a connection to a mail server becomes TLS. There is no third way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 §3).
    Tls,
    /// STARTTLS before anything else is said.
    StartTls,
}

impl Value for Security {
    const WANTED: &'static str = "\"tls\" or \"starttls\"; there is no connection without encryption";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "tls" => Some(Self::Tls),
            "starttls" => Some(Self::StartTls),
            _ => None,
        }
    }
}

/// How important a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something is broken.
    Error,
    /// Something may soon be.
    Warn,
    /// What an operator wants to know.
    Info,
    /// What a developer wants to know.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    const NAMES: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];

    /// As it is written in the configuration.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, level)| *level == self).map_or("info", |(name, _)| name)
    }
}

impl Value for Level {
    const WANTED: &'static str = "error, warn, info, debug or trace";

    fn parse(text: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(name, _)| *name == text).map(|(_, level)| level)
    }
}

impl Value for SocketAddr {
    const WANTED: &'static str = "an IP address and a port; an IPv6 address stands in brackets";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for Url {
    const WANTED: &'static str =
        "an http or https address without path, such as a browser shows for the first page";

    fn parse(text: &str) -> Option<Self> {
        let url = Self::parse(text).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        plain.then_some(url)
    }
}

impl Value for PathBuf {
    const WANTED: &'static str = "a path";

    fn parse(text: &str) -> Option<Self> {
        (!text.trim().is_empty() && !text.contains(char::is_control)).then(|| Self::from(text))
    }
}

impl<T: Value> Value for Vec<T> {
    const WANTED: &'static str = T::WANTED;

    fn parse(text: &str) -> Option<Self> {
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(T::parse).collect()
    }
}
