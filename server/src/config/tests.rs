//! What an operator may write, and what is said about what he may not.

use std::ffi::OsString;
use std::net::IpAddr;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::time::Duration;

use super::keys::KEYS;
use super::remote_content::Policy;
use super::sign_in::SecondFactor;
use super::value::{Level, Security};
use super::{Config, Problem, find};

/// The two keys without a default.
const HOSTS: [(&str, &str); 2] =
    [("PENNYPOST_IMAP_HOST", "imap.example.org"), ("PENNYPOST_SUBMISSION_HOST", "smtp.example.org")];

/// Loads a file of this text, called `pennypost.toml`, and these variables.
fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pennypost.toml");
    std::fs::write(&path, file).unwrap();
    let prefix = format!("{}/", folder.path().display());
    let said = |problem: Problem| problem.to_string().replace(&prefix, "");
    Config::load(Some(&path), environment.iter().copied())
        .map_err(|problems| problems.into_iter().map(said).collect())
}

/// With the hosts and these variables.
fn with(environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    load("", &[&HOSTS, environment].concat())
}

/// The one complaint about a file that lacks nothing else.
fn complaint(file: &str) -> String {
    let problems = load(file, &HOSTS).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.concat()
}

/// The one complaint about a variable.
fn complaint_about(name: &str, text: &str) -> String {
    let problems = with(&[(name, text)]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.concat()
}

#[test]
fn two_hosts_are_enough() {
    let config = Config::load(None, HOSTS).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.public_url.as_str(), "http://127.0.0.1:8080/");
    assert!(!config.http.is_secure());
    assert!(config.http.trusted_proxies.is_empty());
    assert_eq!(config.imap.host.as_str(), "imap.example.org");
    assert_eq!((config.imap.port, config.imap.security), (993, Security::Tls));
    assert_eq!(config.imap.ca_file, None);
    assert_eq!(config.imap.connect_timeout, Duration::from_secs(10));
    assert_eq!(config.imap.command_timeout, Duration::from_secs(30));
    assert_eq!(config.imap.connections_per_person, 4);
    assert_eq!(config.imap.idle_close, Duration::from_secs(300));
    assert_eq!(config.submission.host.as_str(), "smtp.example.org");
    assert_eq!((config.submission.port, config.submission.security), (465, Security::Tls));
    assert_eq!(config.session.idle, Duration::from_secs(15 * 60));
    assert_eq!(config.sign_in.grace, Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(config.sign_in.second_factor, SecondFactor::Optional);
    assert_eq!(config.session.absolute, Duration::from_secs(12 * 60 * 60));
    assert_eq!(config.storage.database_file(), Path::new("pennypost-data/pennypost.db"));
    assert_eq!(config.storage.key_file(), Path::new("pennypost-data/pennypost.key"));
    assert_eq!(config.metrics.listen, None);
    assert_eq!(config.log.level, Level::Info);
}

#[test]
fn the_environment_overrules_the_file_and_the_file_the_default() {
    let file = "imap.port = 1143\nimap.command_timeout = \"1m\"\n[submission]\nport = 1587\n";
    let config = load(file, &[&HOSTS[..], &[("PENNYPOST_IMAP_PORT", "2143")]].concat()).unwrap();
    assert_eq!((config.imap.port, config.submission.port), (2143, 1587));
    assert_eq!(config.imap.command_timeout, Duration::from_secs(60));
}

#[test]
fn starttls_has_ports_of_its_own() {
    let config =
        with(&[("PENNYPOST_IMAP_SECURITY", "starttls"), ("PENNYPOST_SUBMISSION_SECURITY", "starttls")])
            .unwrap();
    assert_eq!((config.imap.port, config.submission.port), (143, 587));
}

#[test]
fn a_list_is_an_array_in_the_file_and_commas_in_a_variable() {
    let file = load("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &HOSTS).unwrap();
    let variable = with(&[("PENNYPOST_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    assert_eq!(file.http.trusted_proxies, variable.http.trusted_proxies);
    let trusted = |address: &str| {
        let address: IpAddr = address.parse().unwrap();
        file.http.trusted_proxies.iter().any(|network| network.contains(address))
    };
    assert!(trusted("10.1.2.3") && trusted("::1") && !trusted("192.0.2.1"));
}

#[test]
fn a_bad_value_is_named_with_key_line_and_example() {
    assert_eq!(
        complaint("[imap]\n\n# the port\nport = \"99x\"\n"),
        "pennypost.toml, line 4: imap.port is \"99x\", but must be a port from 1 to 65535, for example 993"
    );
    assert_eq!(
        complaint_about("PENNYPOST_IMAP_PORT", "99x"),
        "environment variable PENNYPOST_IMAP_PORT: imap.port is \"99x\", but must be a port from 1 to 65535, for \
         example 993"
    );
}

#[test]
fn every_kind_of_bad_value_is_refused() {
    for (line, key) in [
        ("imap.port = 0", "imap.port"),
        ("imap.port = 65536", "imap.port"),
        ("imap.port = 0x3e1", "imap.port"),
        ("imap.port = 99.3", "imap.port"),
        ("imap.port = []", "imap.port"),
        ("imap.connections_per_person = 0", "imap.connections_per_person"),
        ("imap.connections_per_person = -3", "imap.connections_per_person"),
        ("imap.host = \"\"", "imap.host"),
        ("imap.host = 5", "imap.host"),
        ("cache.memory = \"64\"", "cache.memory"),
        ("cache.memory = \"64 MiB\"", "cache.memory"),
        ("cache.memory = \"+1MiB\"", "cache.memory"),
        ("cache.memory = \"MiB\"", "cache.memory"),
        ("cache.memory = \"99999999999999GiB\"", "cache.memory"),
        ("imap.host = \"imap.example.org:993\"", "imap.host"),
        ("imap.host = \"imaps://imap.example.org\"", "imap.host"),
        ("imap.host = \"[::1]\"", "imap.host"),
        ("imap.host = \"10.0.0\"", "imap.host"),
        ("imap.host = \"a..b\"", "imap.host"),
        ("imap.host = \"a b\"", "imap.host"),
        ("[imap.host]\nname = \"x\"", "imap.host"),
        ("imap.security = \"none\"", "imap.security"),
        ("imap.security = false", "imap.security"),
        ("imap.ca_file = \" \"", "imap.ca_file"),
        ("imap.connect_timeout = 10", "imap.connect_timeout"),
        ("imap.connect_timeout = \"10\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"0s\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"-1s\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"1 m\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"1ü\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"366d\"", "imap.connect_timeout"),
        ("imap.connect_timeout = \"99999999999999999999d\"", "imap.connect_timeout"),
        ("http.listen = \"8080\"", "http.listen"),
        ("http.listen = \"localhost:8080\"", "http.listen"),
        ("http.public_url = \"mail.example.org\"", "http.public_url"),
        ("http.public_url = \"ftp://mail.example.org\"", "http.public_url"),
        ("http.public_url = \"https://mail.example.org/webmail\"", "http.public_url"),
        ("http.public_url = \"https://ada@mail.example.org\"", "http.public_url"),
        ("http.public_url = \"https://mail.example.org/?x\"", "http.public_url"),
        ("http.trusted_proxies = [\"proxy\"]", "http.trusted_proxies"),
        ("http.trusted_proxies = [10]", "http.trusted_proxies"),
        ("sign_in.domains = [\"ada@example.org\"]", "sign_in.domains"),
        ("sign_in.domains = [\"@example.org\"]", "sign_in.domains"),
        ("sign_in.second_factor = \"always\"", "sign_in.second_factor"),
        ("sign_in.required_for = [\"@example.org\"]", "sign_in.required_for"),
        ("sign_in.off_for = [\"ada lovelace@example.org\"]", "sign_in.off_for"),
        ("sign_in.grace = \"7\"", "sign_in.grace"),
        ("trust.authserv_ids = [\"mx.example.org; spf=pass\"]", "trust.authserv_ids"),
        ("storage.directory = \"\"", "storage.directory"),
        ("log.level = \"loud\"", "log.level"),
    ] {
        // The variable of the host would overrule it.
        let problems = load(line, &HOSTS[usize::from(key == "imap.host")..]).unwrap_err();
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        let said = problems.concat();
        assert!(said.starts_with("pennypost.toml, line 1: "), "{said}");
        assert!(said.contains(&format!(": {key} is ")) && said.contains("for example "), "{said}");
    }
}

#[test]
fn every_key_is_read_from_its_variable() {
    for key in KEYS {
        let problems = with(&[(&key.variable(), "\u{1}\n")]).unwrap_err();
        let said = format!("environment variable {}: {} is \"\\u{{1}}\\n\"", key.variable(), key.name);
        assert!(problems.iter().any(|problem| problem.starts_with(&said)), "{problems:?}");
        let right =
            with(&[("PENNYPOST_HTTP_PUBLIC_URL", "https://a.example"), (&key.variable(), key.example)]);
        assert!(right.is_ok(), "the example of {} is refused: {right:?}", key.name);
    }
}

#[test]
fn an_unknown_key_is_named_with_its_nearest_neighbour() {
    assert_eq!(
        complaint("[imap]\nhots = \"imap.example.org\""),
        "pennypost.toml, line 2: there is no key imap.hots; did you mean imap.host?"
    );
    assert_eq!(
        complaint("[impa]\nhost = \"imap.example.org\""),
        "pennypost.toml, line 1: there is no section [impa]; did you mean [imap]?"
    );
    assert_eq!(
        complaint("port = 993"),
        "pennypost.toml, line 1: there is no key port; did you mean imap.port or submission.port?"
    );
    assert_eq!(complaint("imap = 3"), "pennypost.toml, line 1: imap is 3, but must be a section: [imap]");
    assert_eq!(
        complaint_about("PENNYPOST_IMAP_HOTS", "x"),
        "environment variable PENNYPOST_IMAP_HOTS: there is no key of this name; did you mean PENNYPOST_IMAP_HOST?"
    );
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        ("PATH", "/bin"),
        ("PENNYPOST_CONFIG", "elsewhere.toml"),
        ("PENNYPOST_SERVICE_HOST", "10.0.0.1"),
        ("PENNYPOST_PORT_8080_TCP_ADDR", "10.0.0.1"),
    ];
    assert!(with(&others).is_ok());
}

#[test]
fn an_empty_variable_sets_nothing() {
    let config = with(&[("PENNYPOST_IMAP_CA_FILE", ""), ("PENNYPOST_IMAP_PORT", "")]).unwrap();
    assert_eq!((config.imap.ca_file, config.imap.port), (None, 993));
}

#[test]
fn a_variable_that_is_not_utf_8_is_a_problem_only_if_it_is_ours() {
    let odd = || OsString::from_vec(vec![b'a', 0xff]);
    let variables = |name: OsString| {
        let hosts = HOSTS.map(|(name, host)| (OsString::from(name), OsString::from(host)));
        hosts.into_iter().chain([(name, odd())])
    };
    assert!(Config::load(None, variables("EDITOR".into())).is_ok());
    assert!(Config::load(None, variables(odd())).is_ok());
    let problems = Config::load(None, variables("PENNYPOST_IMAP_CA_FILE".into())).unwrap_err();
    assert!(problems[0].to_string().contains("imap.ca_file is not text in UTF-8"), "{problems:?}");
}

#[test]
fn all_problems_are_reported_together_in_order() {
    let file = "[log]\nlevel = \"loud\"\n[imap]\nport = 0\nprot = 1\n";
    let problems = load(file, &[("PENNYPOST_SESSION_IDLE", "soon")]).unwrap_err();
    let beginnings = [
        "pennypost.toml, line 2: log.level",
        "pennypost.toml, line 4: imap.port",
        "pennypost.toml, line 5: there is no key imap.prot",
        "environment variable PENNYPOST_SESSION_IDLE: session.idle",
        "imap.host is not set",
        "submission.host is not set",
    ];
    assert_eq!(problems.len(), beginnings.len(), "{problems:#?}");
    for (problem, beginning) in problems.iter().zip(beginnings) {
        assert!(problem.starts_with(beginning), "{problem}");
    }
}

#[test]
fn what_is_missing_is_named_with_its_variable_and_an_example() {
    let problems = Config::load(None, [HOSTS[0]]).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "submission.host is not set: set host in the section [submission] of pennypost.toml, or the environment \
         variable PENNYPOST_SUBMISSION_HOST, for example to smtp.example.org"
    );
}

#[test]
fn a_file_that_cannot_be_understood_is_the_only_complaint() {
    let problems = load("[imap]\nhost = imap.example.org\n", &[]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("pennypost.toml, line 2: is not TOML: "), "{problems:?}");
    let missing = Path::new("/nonexistent/pennypost.toml");
    let problems = Config::load(Some(missing), [("", ""); 0]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].to_string().starts_with("/nonexistent/pennypost.toml: cannot be read: "));
}

#[test]
fn nobodys_mail_travels_unencrypted() {
    let listen = ("PENNYPOST_HTTP_LISTEN", "0.0.0.0:8080");
    let url = |url| ("PENNYPOST_HTTP_PUBLIC_URL", url);
    for local in ["http://localhost:8080", "http://127.1.2.3", "http://[::1]:80", "http://mail.localhost"] {
        assert!(with(&[url(local)]).is_ok(), "{local}");
        let said = with(&[listen, url(local)]).unwrap_err().concat();
        assert!(said.contains("PENNYPOST_HTTP_LISTEN") && said.contains("https"), "{said}");
    }
    for remote in ["http://mail.example.org", "http://192.0.2.1", "http://localhost.example.org"] {
        for variables in [&[url(remote)][..], &[listen, url(remote)]] {
            let problems = with(variables).unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains("PENNYPOST_HTTP_PUBLIC_URL"), "{problems:?}");
            assert!(problems[0].contains("put a proxy with TLS in front"), "{problems:?}");
        }
    }
    assert!(complaint_about(listen.0, listen.1).contains("so http.public_url must begin with https"));
    let config = with(&[listen, url("https://mail.example.org")]).unwrap();
    assert!(config.http.is_secure());
}

#[test]
fn metrics_are_not_served_where_browsers_are() {
    let config = with(&[("PENNYPOST_METRICS_LISTEN", "[::1]:9464")]).unwrap();
    assert_eq!(config.metrics.listen, "[::1]:9464".parse().ok());
    let said = complaint_about("PENNYPOST_METRICS_LISTEN", "127.0.0.1:8080");
    assert!(said.contains("must be another address or port than http.listen"), "{said}");
}

#[test]
fn nobody_is_idle_for_longer_than_signed_in() {
    let said = complaint_about("PENNYPOST_SESSION_IDLE", "13h");
    assert!(said.contains("no longer than session.absolute"), "{said}");
    assert!(complaint_about("PENNYPOST_SESSION_ABSOLUTE", "10m").contains("session.absolute is \"10m\""));
}

#[test]
fn only_whole_addresses_of_the_named_domains_may_sign_in() {
    let config = with(&[("PENNYPOST_SIGN_IN_DOMAINS", "Example.org, example.com")]).unwrap().sign_in;
    for login in ["ada@example.org", " ADA@EXAMPLE.COM "] {
        assert!(config.admits(login), "{login}");
    }
    for login in ["ada", "ada@example.net", "ada@sub.example.org", "example.org", "ada@", "ada@example.org@x"]
    {
        assert!(!config.admits(login), "{login}");
    }
    assert!(with(&[]).unwrap().sign_in.admits("ada"));
}

#[test]
fn the_more_exact_word_about_second_factors_wins() {
    use SecondFactor::{Off, Optional, Required};
    let lists = [
        ("PENNYPOST_SIGN_IN_REQUIRED_FOR", "example.org, ada@example.com"),
        ("PENNYPOST_SIGN_IN_OFF_FOR", "Scanner@Example.ORG, example.com"),
    ];
    for (default, word) in [(Off, "off"), (Optional, "optional"), (Required, "required")] {
        let variables = [&lists[..], &[("PENNYPOST_SIGN_IN_SECOND_FACTOR", word)]].concat();
        let config = with(&variables).unwrap().sign_in;
        for (login, wanted) in [
            ("ada@example.org", Required),
            ("scanner@example.org", Off),
            (" SCANNER@example.org", Off),
            ("ben@example.com", Off),
            ("Ada@Example.com", Required),
            ("ada@example.net", default),
            ("ada", default),
        ] {
            assert_eq!(config.policy_of(login), wanted, "{login}");
        }
    }
    let both = [("PENNYPOST_SIGN_IN_REQUIRED_FOR", "a.example"), ("PENNYPOST_SIGN_IN_OFF_FOR", "A.example")];
    let said = with(&both).unwrap_err().concat();
    assert!(said.contains("PENNYPOST_SIGN_IN_OFF_FOR") && said.contains("a.example is in both"), "{said}");
}

#[test]
fn a_named_file_is_taken_even_if_it_is_missing() {
    assert_eq!(find(Some("elsewhere.toml".into())), Some("elsewhere.toml".into()));
    assert_eq!(find(None), None);
}

#[test]
fn people_are_asked_about_pictures_from_elsewhere_unless_the_operator_says_never() {
    let name = "PENNYPOST_REMOTE_CONTENT_POLICY";
    assert_eq!(with(&[]).unwrap().remote_content.policy, Policy::Ask);
    assert_eq!(with(&[(name, "never")]).unwrap().remote_content.policy, Policy::Never);
    assert!(complaint_about(name, "always").contains("must be ask or never"));
}
