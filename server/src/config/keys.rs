//! Every key of the configuration, on one page: the reader, the reference and the example file are made of it.

use Kind::{List, Number, Text};
use Unset::{Otherwise, Required, Value};

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Section and key: `imap.host`.
    pub name: &'static str,
    /// How its value is written in the file.
    pub kind: Kind,
    /// What it is when nobody sets it.
    pub default: Unset,
    /// A right value, as text.
    pub example: &'static str,
    /// What it does, in one or two sentences.
    pub meaning: &'static str,
}

/// How a value is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `"text"`.
    Text,
    /// `993`.
    Number,
    /// `["one", "two"]`; in an environment variable `one, two`.
    List,
}

/// What a key is when nobody sets it.
#[derive(Clone, Copy, Debug)]
pub enum Unset {
    /// Somebody must set it.
    Required,
    /// This value.
    Value(&'static str),
    /// What these words say; the section works it out.
    Otherwise(&'static str),
}

impl Key {
    /// The environment variable that sets this key: `PENNYPOST_IMAP_HOST`.
    pub fn variable(&self) -> String {
        format!("{}{}", VARIABLE, self.name.replace('.', "_").to_uppercase())
    }

    /// The section and the key in it.
    pub fn parts(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or(("", self.name))
    }
}

/// How every variable of ours begins.
pub const VARIABLE: &str = "PENNYPOST_";

/// The sections in order, and what each is about.
pub const SECTIONS: &[(&str, &str)] = &[
    ("http", "How browsers reach this server."),
    ("imap", "The mail server that keeps the mail and knows who may read it."),
    (
        "cache",
        "What is kept in memory of people's mail, so that lists need not be read again. None of it is written to disk.",
    ),
    (
        "remote_content",
        "Pictures that messages would fetch from elsewhere. They are fetched by this server, and only when somebody asks.",
    ),
    ("submission", "The mail server that takes messages to be sent."),
    ("sign_in", "Who may sign in, and with what besides the password. docs/deployment.md says more."),
    ("trust", "Whose statements about senders are believed."),
    ("session", "How long people stay signed in."),
    ("storage", "The little that is kept here."),
    ("metrics", "Numbers for whoever watches over this server."),
    ("log", "What is written to standard error."),
];

/// Every key in order.
pub const KEYS: &[&Key] = &[
    &HTTP_LISTEN,
    &HTTP_PUBLIC_URL,
    &HTTP_TRUSTED_PROXIES,
    &IMAP_HOST,
    &IMAP_PORT,
    &IMAP_SECURITY,
    &IMAP_CA_FILE,
    &IMAP_CONNECT_TIMEOUT,
    &IMAP_COMMAND_TIMEOUT,
    &IMAP_CONNECTIONS_PER_PERSON,
    &IMAP_CONNECTIONS,
    &IMAP_IDLE_CLOSE,
    &CACHE_MEMORY,
    &REMOTE_CONTENT_POLICY,
    &SUBMISSION_HOST,
    &SUBMISSION_PORT,
    &SUBMISSION_SECURITY,
    &SUBMISSION_CA_FILE,
    &SIGN_IN_GEOIP_FILE,
    &SIGN_IN_DOMAINS,
    &SIGN_IN_SECOND_FACTOR,
    &SIGN_IN_REQUIRED_FOR,
    &SIGN_IN_OFF_FOR,
    &SIGN_IN_GRACE,
    &TRUST_AUTHSERV_IDS,
    &SESSION_IDLE,
    &SESSION_ABSOLUTE,
    &STORAGE_DIRECTORY,
    &METRICS_LISTEN,
    &LOG_LEVEL,
];

macro_rules! define {
    ($($constant:ident: $name:literal, $kind:expr, $default:expr, $example:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Key =
                Key { name: $name, kind: $kind, default: $default, example: $example, meaning: $meaning };
        )*
    };
}

define! {
    HTTP_LISTEN: "http.listen", Text, Value("127.0.0.1:8080"), "0.0.0.0:8080",
        "Address and port to listen on. Pennypost speaks plain HTTP: where others can reach it, a proxy with TLS \
         must stand in front, and `http.public_url` must say so.";
    HTTP_PUBLIC_URL: "http.public_url", Text, Otherwise("`http://` followed by `http.listen`"),
        "https://mail.example.org",
        "Where people reach this server. Requests for any other host are turned away. Must be `https` unless it \
         is this machine alone (`localhost`, `127.0.0.1`, `[::1]`).";
    HTTP_TRUSTED_PROXIES: "http.trusted_proxies", List, Otherwise("none"), "127.0.0.1, 10.0.0.0/8",
        "Addresses of the proxies whose `X-Forwarded-For` is believed; the log names the browser's address when a \
         sign-in fails.";

    IMAP_HOST: "imap.host", Text, Required, "imap.example.org",
        "Name of the IMAP server. Its certificate must be for this name.";
    IMAP_PORT: "imap.port", Number, Otherwise("993, or 143 with `starttls`"), "993",
        "Port of the IMAP server.";
    IMAP_SECURITY: "imap.security", Text, Value("tls"), "tls",
        "`tls` from the first byte, or `starttls` before anything else is said.";
    IMAP_CA_FILE: "imap.ca_file", Text, Otherwise("the system's authorities alone"), "/etc/ssl/private-ca.pem",
        "PEM file of a certificate authority of your own, trusted besides the system's.";
    IMAP_CONNECT_TIMEOUT: "imap.connect_timeout", Text, Value("10s"), "10s",
        "Longest time for each step of connecting: name (at most 5s), connection, TLS, greeting.";
    IMAP_COMMAND_TIMEOUT: "imap.command_timeout", Text, Value("30s"), "30s",
        "Longest time for one command and its whole answer; twice as long for one that fetches mail.";
    IMAP_CONNECTIONS_PER_PERSON: "imap.connections_per_person", Number, Value("4"), "4",
        "Most connections that one person holds at a time: up to two watch for news, the others work, and one is always \
         left for what the person waits for. Each sign-in under way takes one more. Stay two below what the server \
         allows for one account and address.";
    IMAP_CONNECTIONS: "imap.connections", Number, Value("1000"), "5000",
        "Most connections to the mail server in all. Count two for each person who is signed in at a busy hour. When all \
         are open, the one that was unused for longest makes room; people whose changes can't be watched any more are \
         looked after every quarter of a minute.";
    IMAP_IDLE_CLOSE: "imap.idle_close", Text, Value("5m"), "5m",
        "A connection that nobody used for this long is closed.";

    CACHE_MEMORY: "cache.memory", Text, Value("64MiB"), "256MiB",
        "Most memory for all people together; one person has an eighth of it at most. What was not asked for for longest \
         goes first, and when somebody signs out all that is theirs. A list of 50 messages takes about 25KiB. `0` keeps \
         nothing.";

    REMOTE_CONTENT_POLICY: "remote_content.policy", Text, Value("ask"), "never",
        "`ask`: such pictures are shown when somebody wishes to see those of a message, or always those of a sender. \
         `never`: nobody may. This server then fetches none, and needs no way to the web.";

    SUBMISSION_HOST: "submission.host", Text, Required, "smtp.example.org",
        "Name of the submission server. Its certificate must be for this name.";
    SUBMISSION_PORT: "submission.port", Number, Otherwise("465, or 587 with `starttls`"), "465",
        "Port of the submission server.";
    SUBMISSION_SECURITY: "submission.security", Text, Value("tls"), "starttls",
        "`tls` from the first byte, or `starttls` before anything else is said.";
    SUBMISSION_CA_FILE: "submission.ca_file", Text, Otherwise("the system's authorities alone"),
        "/etc/ssl/private-ca.pem",
        "PEM file of a certificate authority of your own, trusted besides the system's.";

    SIGN_IN_GEOIP_FILE: "sign_in.geoip_file", Text, Otherwise("countries are not known"),
        "/var/lib/GeoIP/GeoLite2-City.mmdb",
        "File in the format of MaxMind that knows the country of a network address, and better also its coordinates. \
         Whoever signs in from where they never were, or from too far away to have travelled, is told so by mail.";
    SIGN_IN_DOMAINS: "sign_in.domains", List, Otherwise("all"), "example.org, example.com",
        "Only whole addresses of these domains may sign in; every other name is told what a wrong password is told. Set it \
         where the mail server takes more spellings of a name than one: `pennypost doctor` tells.";
    SIGN_IN_SECOND_FACTOR: "sign_in.second_factor", Text, Value("optional"), "required",
        "Second factors (apps that show codes, passkeys): `off`, `optional` for whoever wants one, or `required` of \
         everybody.";
    SIGN_IN_REQUIRED_FOR: "sign_in.required_for", List, Otherwise("nobody"), "example.org, ada@example.com",
        "Domains and whole addresses of which a second factor is required, whatever `sign_in.second_factor` says. A whole \
         address counts more than its domain.";
    SIGN_IN_OFF_FOR: "sign_in.off_for", List, Otherwise("nobody"), "scanner@example.org",
        "Domains and whole addresses that have no second factor, such as an account that several people share. A whole \
         address counts more than its domain.";
    SIGN_IN_GRACE: "sign_in.grace", Text, Value("7d"), "14d",
        "How long somebody of whom a second factor is required may still sign in without one.";

    TRUST_AUTHSERV_IDS: "trust.authserv_ids", List, Otherwise("nobody is believed"), "mx.example.org",
        "Names under which your own mail servers state what they checked of a sender: the first word in their \
         `Authentication-Results`. They must remove such fields from mail that comes from outside (RFC 8601 §5). Whatever \
         stands under another name is not believed, and messages then say that nothing was stated.";

    SESSION_IDLE: "session.idle", Text, Value("15m"), "30m",
        "Who does nothing for this long is signed out.";
    SESSION_ABSOLUTE: "session.absolute", Text, Value("12h"), "12h",
        "After this long everybody signs in again. At least `session.idle`.";

    STORAGE_DIRECTORY: "storage.directory", Text, Value("pennypost-data"), "/var/lib/pennypost",
        "Folder of the database `pennypost.db` and of the key file `pennypost.key`; made if it is missing. A \
         relative path begins in the folder in which the server was started. Back up the two apart: together with \
         somebody's cookie they open the session.";

    METRICS_LISTEN: "metrics.listen", Text, Otherwise("there are no metrics"), "127.0.0.1:9464",
        "Address and port at which `/metrics` answers Prometheus, over plain HTTP and to everybody who can reach it. They \
         are about nobody, but tell how busy this server is: choose an address of a network of your own.";

    LOG_LEVEL: "log.level", Text, Value("info"), "debug",
        "The least important line to write: `error`, `warn`, `info`, `debug` or `trace`. No level writes \
         addresses of mail, passwords or anything of a message.";
}
