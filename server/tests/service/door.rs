//! What the door does with a real mail server, and what an operator reads of it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;

use app::contract::account::EventKind;
use app::text::Language;
use database::{Database, ServerKey};
use imap::authenticate::Credentials;
use server::config::Config;
use server::door::Door;
use server::door::notice::{Notice, deliver};
use server::door::unusual::Unusual;
use server::outside::Outside;
use server::people::People;
use server::picture::Pictures;
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;

use crate::browser::variables;

#[tokio::test]
async fn the_owner_of_an_account_finds_the_letter_unread_in_their_inbox() {
    let testbed = Shared::find().unwrap().description();
    let config = Config::load(None, variables(testbed)).unwrap();
    let person = Person::fresh();
    let key = Arc::new(ServerKey::generate().unwrap());
    let database = Database::in_memory().await.unwrap();
    let pictures = Pictures::new(&config.remote_content, &database, &key, Outside::new(None)).unwrap();
    let people = People::new(&config, key, pictures.into()).unwrap();
    let credentials = || Credentials::with_password(person.address.clone(), person.password.clone().into());
    people.sign_in(credentials()).await.unwrap();
    let signed_in = people.of_session(credentials());
    let origin = app::contract::account::Origin {
        address: "192.0.2.7".into(),
        country: Some("DE".into()),
        browser: "Firefox (Linux)".into(),
    };
    for notice in [Notice::UnusualSignIn(Unusual::NewCountry), Notice::RecoveryCodeUsed { left: 3 }] {
        let url = &config.http.public_url;
        let letter = notice.letter(&person.address, &origin, url, Language::German, 1_800_000_000).unwrap();
        deliver(&signed_in, letter, 1_800_000_000).await.unwrap();
    }
    let mut client = Client::sign_in(testbed, &person).await.unwrap();
    client.select("INBOX").await.unwrap();
    let unread = client.search("UNSEEN HEADER Auto-Submitted auto-generated").await.unwrap();
    assert_eq!(unread.len(), 2);
    let letter = String::from_utf8(client.fetch(unread[0]).await.unwrap()).unwrap();
    for words in [
        "From: Pennypost <no-reply@test.test>",
        &format!("To: {}", person.address),
        "Wann: 2027-01-15 08:00 (UTC)",
        "Von: 192.0.2.7",
    ] {
        assert!(letter.contains(words), "{words} in {letter}");
    }
}

#[tokio::test]
async fn an_operator_reads_what_happened_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_pennypost"))
            .arg("sign-ins")
            .args(arguments)
            .env_clear()
            .env("PENNYPOST_IMAP_HOST", "imap.example.org")
            .env("PENNYPOST_SUBMISSION_HOST", "smtp.example.org")
            .env("PENNYPOST_STORAGE_DIRECTORY", &directory)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (status, _, said) = run(&[]);
    assert_eq!(status, Some(1));
    assert!(said.contains("storage.directory") && !directory.exists(), "{said}");

    let hosts = [("PENNYPOST_IMAP_HOST", "a.example"), ("PENNYPOST_SUBMISSION_HOST", "a.example")];
    let config = Config::load(None, hosts).unwrap();
    let database = Database::open(&directory.join("pennypost.db")).await.unwrap();
    let key = ServerKey::load_or_create(&directory.join("pennypost.key")).unwrap();
    let door = Door::new(&config.sign_in, &database, Arc::new(key)).unwrap();
    let here = door.whereabouts("192.0.2.7".parse().ok(), None);
    // More than are read in one step.
    for at in 0..600 {
        door.record(EventKind::WrongPassword, "ada@example.org", &here, None, 1_800_000_000 + at)
            .await
            .unwrap();
    }
    let (status, printed, said) = run(&["--since", "2027-01-15", "--person", "Ada@example.org"]);
    assert_eq!((status, said.as_str(), printed.lines().count()), (Some(0), "", 600));
    assert!(
        printed.starts_with("{\"time\":\"2027-01-15T08:00:00Z\",\"event\":\"wrong-password\""),
        "{printed}"
    );
    assert_eq!(run(&["--since", "2027-01-16"]).1, "");
    assert_eq!(run(&["--since", "soon"]).0, Some(2));
}

/// What docs/deployment.md tells fail2ban to look for, as every text that it stands for, up to the address.
fn looked_for() -> Vec<String> {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deployment.md")).unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix("failregex = ")).unwrap();
    let (before, rest) = line.split_once("(?:").unwrap();
    let (alternatives, after) = rest.split_once(')').unwrap();
    let after = after.strip_suffix("<HOST>$").unwrap();
    alternatives.split('|').map(|one| format!("{before}{one}{after}")).collect()
}

#[test]
fn fail2ban_finds_the_line_that_the_server_writes() {
    let testbed = Shared::find().unwrap().description();
    let folder = tempfile::tempdir().unwrap();
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_pennypost"))
        .arg("serve")
        .env_clear()
        .envs(variables(testbed))
        .env("PENNYPOST_HTTP_LISTEN", listen.to_string())
        .env("PENNYPOST_STORAGE_DIRECTORY", folder.path().join("data"))
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("serving")));
    let form = "login=nobody%40demo.test&password=gorgonzola&next=";
    let mut browser = TcpStream::connect(listen).unwrap();
    write!(
        browser,
        "POST /sign-in HTTP/1.1\r\nHost: {listen}\r\nOrigin: http://{listen}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let line = lines.find(|line| line.contains("nobody was signed in"));
    server.kill().unwrap();
    server.wait().unwrap();
    let line = line.unwrap();
    let looked_for = looked_for();
    assert_eq!(looked_for.len(), 3);
    let found = looked_for.iter().find_map(|text| line.split_once(text.as_str()));
    assert_eq!(found.map(|(_, host)| host), Some("127.0.0.1"), "{line}");
    assert!(!line.contains("demo.test") && !line.contains("gorgonzola"));
    // Where it is installed, it is asked itself.
    let expression = looked_for[0].replace("from=", "from=<HOST>$");
    if let Ok(output) = Command::new("fail2ban-regex").args([&line, &expression]).output() {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("1 matched"), "{said}");
    }
}
