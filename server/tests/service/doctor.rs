//! `pennypost doctor` as an administrator runs it.

use std::io::Write;
use std::process::{Command, Stdio};

use testbed::people::Person;
use testbed::{Certificate, Description, Options, Shared, Testbed, scratch};

use crate::browser::variables;

/// What it printed, and its status.
fn doctor(testbed: &Description, changes: &[(&str, &str)], account: Option<&Person>) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pennypost"));
    command.arg("doctor").env_clear().envs(variables(testbed)).env("PENNYPOST_LOG_LEVEL", "error");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(std::env::temp_dir());
    command.envs(changes.iter().copied());
    if let Some(person) = account {
        command.args(["--account", &person.address]);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let password = account.map(|person| person.password.clone()).unwrap_or_default();
    // Without an account nobody reads it.
    let _ = writeln!(child.stdin.take().unwrap(), "{password}");
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(password.is_empty() || !printed.contains(&password));
    (printed, output.status.code().unwrap())
}

fn faults(printed: &str) -> Vec<&str> {
    let result = printed.find("\nResult").unwrap();
    printed[..result].lines().filter(|line| line.trim_start().starts_with('✗')).collect()
}

#[tokio::test]
async fn all_is_well_with_the_usual_server_by_both_ways_to_tls() {
    let testbed = Shared::find().unwrap().description();
    let person = Person::fresh();
    let starttls = [
        ("PENNYPOST_IMAP_PORT", testbed.imap_starttls.to_string()),
        ("PENNYPOST_IMAP_SECURITY", "starttls".to_owned()),
        ("PENNYPOST_SUBMISSION_PORT", testbed.submission_starttls.to_string()),
        ("PENNYPOST_SUBMISSION_SECURITY", "starttls".to_owned()),
    ];
    let starttls: Vec<(&str, &str)> = starttls.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for changes in [&[][..], &starttls] {
        let (printed, status) = doctor(testbed, changes, Some(&person));
        assert_eq!(status, 0, "{printed}");
        assert_eq!(faults(&printed), Vec::<&str>::new());
        for words in [
            "localhost is 127.0.0.1",
            "TLS 1.3",
            "certificate of CN=localhost, for localhost, 127.0.0.1",
            "capabilities after signing in: ",
            "SPECIAL-USE",
            "the server calls itself Dovecot",
            "ways of signing in: LOGIN, PLAIN",
            "Trash is “Trash”, by the server's word",
            "of them subscribed",
            "namespace: other people's mailboxes",
            "storage: ",
            "rights in the Inbox: lrswipkxtea",
            "extensions: ",
            "mail from this address is accepted",
            "All is well: mail can be read and sent.",
        ] {
            assert!(printed.contains(words), "{words} in {printed}");
        }
    }
}

#[tokio::test]
async fn ways_around_a_second_factor_are_found_and_closed_by_the_domains() {
    let testbed = Shared::find().unwrap().description();
    let accepts = "The mail server takes the same password";
    // Whoever is asked for in this domain is there, with the one password; here as where dots are not looked at.
    let (printed, status) = doctor(testbed, &[], Some(&Person::fresh()));
    assert_eq!(status, 0, "{printed}");
    assert!(printed.contains("takes the bare password over IMAP: a second factor guards Pennypost alone"));
    assert!(printed.contains(&format!("{accepts} with a dot more")), "{printed}");
    for refused in ["without domain", "for another domain", "in capital letters"] {
        assert!(!printed.contains(&format!("{accepts} {refused}")), "{printed}");
    }
    // Those of the demo are there by their names alone.
    let (printed, _) = doctor(testbed, &[], Some(&testbed::people::DEMO[1].person()));
    assert!(!printed.contains(accepts) && printed.contains("no other spelling of the address"), "{printed}");
    let off = [("PENNYPOST_SIGN_IN_OFF_FOR", "demo.test")];
    let (printed, _) = doctor(testbed, &off, Some(&testbed::people::DEMO[1].person()));
    assert!(printed.contains("this account has none, by the configuration"), "{printed}");
}

#[tokio::test]
async fn a_server_that_adds_the_domain_itself_is_told_of_the_domains() {
    let options = Options { default_realm: Some("test.test"), without_postfix: true, ..Options::default() };
    let lax = Testbed::start(&scratch("doctor-realm"), &options).unwrap();
    let person = Person::fresh();
    let nowhere = ("PENNYPOST_SUBMISSION_PORT", "1");
    let (printed, _) = doctor(lax.description(), &[nowhere], Some(&person));
    let found = "The mail server takes the same password without domain";
    assert!(printed.contains(found) && printed.contains("Set sign_in.domains"), "{printed}");
    let closed = [nowhere, ("PENNYPOST_SIGN_IN_DOMAINS", "test.test")];
    let (printed, _) = doctor(lax.description(), &closed, Some(&person));
    assert!(!printed.contains(found), "{printed}");
}

#[tokio::test]
async fn without_an_account_nothing_is_promised() {
    let testbed = Shared::find().unwrap().description();
    let (printed, status) = doctor(testbed, &[], None);
    assert_eq!(status, 3, "{printed}");
    assert!(printed.contains("Run it again with --account ADDRESS.") && !printed.contains("All is well"));
}

#[tokio::test]
async fn a_wrong_port_is_one_sentence_for_each_server() {
    let testbed = Shared::find().unwrap().description();
    let wrong = [("PENNYPOST_IMAP_PORT", "1"), ("PENNYPOST_SUBMISSION_PORT", "1")];
    let (printed, status) = doctor(testbed, &wrong, Some(&Person::fresh()));
    assert_eq!(status, 1);
    let [imap, submission] = faults(&printed)[..] else { panic!("{printed}") };
    assert!(
        imap.contains("Nobody answers at localhost port 1") && imap.contains("Check imap.port"),
        "{imap}"
    );
    assert!(submission.contains("Check submission.port"), "{submission}");
}

#[tokio::test]
async fn ports_that_are_mixed_up_are_told_from_ports_where_nobody_is() {
    let testbed = Shared::find().unwrap().description();
    let (imap, submission) = (testbed.imap_starttls.to_string(), testbed.submission_starttls.to_string());
    let mixed = [("PENNYPOST_IMAP_PORT", imap.as_str()), ("PENNYPOST_SUBMISSION_PORT", submission.as_str())];
    let (printed, status) = doctor(testbed, &mixed, None);
    assert_eq!(status, 1);
    let [imap, submission] = faults(&printed)[..] else { panic!("{printed}") };
    assert!(imap.contains("does not speak TLS") && imap.contains("imap.security"), "{imap}");
    assert!(
        submission.contains("does not speak TLS") && submission.contains("submission.security"),
        "{submission}"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_or_that_has_ended_is_shown_and_named() {
    let testbed = Shared::find().unwrap().description();
    let untrusted = [("PENNYPOST_IMAP_CA_FILE", ""), ("PENNYPOST_SUBMISSION_CA_FILE", "")];
    let (printed, status) = doctor(testbed, &untrusted, Some(&Person::fresh()));
    assert_eq!(status, 1);
    let [imap, submission] = faults(&printed)[..] else { panic!("{printed}") };
    for fault in [imap, submission] {
        assert!(fault.contains("signed by nobody whom this machine trusts"), "{fault}");
    }
    assert!(imap.contains("imap.ca_file") && submission.contains("submission.ca_file"));
    assert!(printed.contains("certificate of CN=localhost"), "{printed}");

    let options = Options { certificate: Certificate::Expired, ..Options::default() };
    let expired = Testbed::start(&scratch("doctor-expired"), &options).unwrap();
    let (printed, status) = doctor(expired.description(), &[], None);
    assert_eq!(status, 1);
    assert_eq!(faults(&printed).len(), 2, "{printed}");
    assert!(faults(&printed).iter().all(|fault| fault.contains("has expired")), "{printed}");
}

#[tokio::test]
async fn a_wrong_password_is_one_sentence_for_each_server() {
    let testbed = Shared::find().unwrap().description();
    let person = Person { password: "not the one".into(), ..Person::fresh() };
    let (printed, status) = doctor(testbed, &[], Some(&person));
    assert_eq!(status, 1);
    let found = faults(&printed);
    assert_eq!(found.len(), 2, "{printed}");
    assert!(
        found.iter().all(|fault| fault.contains("does not accept this address and password")),
        "{printed}"
    );
}

#[tokio::test]
async fn a_server_without_starttls_or_special_use_is_said_so() {
    let options = Options { without_starttls: true, without_postfix: true, ..Options::default() };
    let plain = Testbed::start(&scratch("doctor-plain"), &options).unwrap();
    let port = plain.description().imap_starttls.to_string();
    let changes = [
        ("PENNYPOST_IMAP_PORT", port.as_str()),
        ("PENNYPOST_IMAP_SECURITY", "starttls"),
        ("PENNYPOST_SUBMISSION_PORT", "1"),
    ];
    let (printed, _) = doctor(plain.description(), &changes, None);
    assert!(printed.contains("refuses STARTTLS, so nothing is said to it."), "{printed}");

    let options = Options { capabilities: Some("IMAP4rev1"), ..Options::default() };
    let bare = Testbed::start(&scratch("doctor-bare"), &options).unwrap();
    let (printed, status) = doctor(bare.description(), &[], Some(&Person::fresh()));
    assert_eq!(status, 0, "{printed}");
    assert!(
        printed.contains("Trash is “Trash”, by its name alone.") && printed.contains("Without SPECIAL-USE")
    );
}

#[test]
fn a_configuration_that_is_wrong_names_the_key_and_a_right_example() {
    let output = Command::new(env!("CARGO_BIN_EXE_pennypost"))
        .arg("doctor")
        .env_clear()
        .env("PENNYPOST_IMAP_HOST", "imap.example.org")
        .env("PENNYPOST_IMAP_PORT", "many")
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(printed.contains("imap.port") && printed.contains("993"), "{printed}");
    assert!(printed.contains("submission.host"), "{printed}");
}
