//! Who wrote a message, what it invites to, and the way out of its list: what a page says of it.

use axum::http::{Method, StatusCode};
use imap::tls::{Trust, client_config};
use server::outside::{Outside, Reach};
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;

use crate::browser::{Browser, Served, links, serve, serve_with};
use crate::outside::{ThisMachine, listening};

const BELIEVED: [(&str, &str); 1] = [("PENNYPOST_TRUST_AUTHSERV_IDS", "mx.example.org")];

/// Somebody signed in with these messages in the Inbox, and the links to them in the order in which they came.
async fn inbox(served: &Served, letters: &[&str]) -> (Browser, Vec<String>) {
    let person = Person::fresh();
    let mut other = Client::sign_in(Shared::find().unwrap().description(), &person).await.unwrap();
    for letter in letters {
        other.append("INBOX", None, None, letter.as_bytes()).await.unwrap();
    }
    let mut browser = served.signed_in(&person).await;
    let list = browser.get("/mail/me/INBOX").await.text();
    let mut found = links(&list, "/mail/me/INBOX/");
    found.sort_by_key(|link| link.rsplit('.').next().and_then(|uid| uid.parse::<u32>().ok()));
    assert_eq!(found.len(), letters.len());
    (browser, found)
}

#[tokio::test]
async fn only_what_ones_own_server_states_of_a_sender_is_believed() {
    let served = serve(Shared::find().unwrap().description(), &BELIEVED).await;
    let letter =
        |results: &str| format!("{results}From: Shop <news@shop.example>\r\nSubject: x\r\n\r\nx\r\n");
    let proven = letter("Authentication-Results: mx.example.org; dmarc=pass header.from=shop.example\r\n");
    let forged = letter("Authentication-Results: mx.evil.example; dmarc=pass header.from=shop.example\r\n");
    let refuted = letter("Authentication-Results: mx.example.org; dmarc=fail header.from=shop.example\r\n");
    let (mut browser, links) = inbox(&served, &[&proven, &forged, &refuted]).await;
    let page = browser.get(&links[0]).await;
    assert!(page.text().contains("origin-confirmed") && !page.text().contains("origin-warnings"));
    assert!(page.words().contains("confirmed by your mail server"), "{}", page.words());
    let page = browser.get(&links[1]).await;
    assert!(!page.text().contains("origin-confirmed") && !page.text().contains("origin-warnings"));
    assert!(page.words().contains("your mail server states nothing about it"), "{}", page.words());
    let page = browser.get(&links[2]).await;
    assert!(page.text().contains("origin-refuted") && page.text().contains("origin-warnings"));
    assert!(page.words().contains("does not come from where it says"), "{}", page.words());
    // Of a sender who is refuted nothing is wished, and what was wished of the true one is not for them.
    let form = |link: &str| format!("{}/pictures", link.replace("/mail/", "/message/"));
    let yes = [("always", "yes")];
    assert_eq!(browser.post(&form(&links[2]), &yes).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post(&form(&links[0]), &yes).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn pictures_that_are_always_shown_are_not_shown_for_whoever_forges_the_sender() {
    let served = serve(Shared::find().unwrap().description(), &BELIEVED).await;
    let letter = |outcome: &str| {
        format!(
            "Authentication-Results: mx.example.org; dmarc={outcome} header.from=shop.example\r\n\
             From: news@shop.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<img src='https://stranger.test/a.png'>x\r\n"
        )
    };
    let (mut browser, links) = inbox(&served, &[&letter("pass"), &letter("fail")]).await;
    let form = format!("{}/pictures", links[0].replace("/mail/", "/message/"));
    assert_eq!(browser.post(&form, &[("always", "yes")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&links[0]).await.text().contains("/body?pictures=show"));
    assert!(!browser.get(&links[1]).await.text().contains("/body?pictures=show"));
}

#[tokio::test]
async fn what_an_attached_message_states_of_itself_is_not_believed() {
    let served = serve(Shared::find().unwrap().description(), &BELIEVED).await;
    let letter = "From: x@evil.example\r\nSubject: look\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
                  --b\r\nContent-Type: message/rfc822\r\n\r\n\
                  Authentication-Results: mx.example.org; dmarc=pass header.from=shop.example\r\n\
                  List-Unsubscribe: <https://shop.example/leave>\r\n\
                  From: news@shop.example\r\nSubject: inside\r\n\r\nx\r\n--b--\r\n";
    let (mut browser, links) = inbox(&served, &[letter]).await;
    let page = browser.get(&format!("{}/1", links[0])).await;
    assert!(page.words().contains("inside"), "{}", page.words());
    assert!(!page.text().contains("origin-confirmed") && !page.text().contains("class=\"unsubscribe\""));
}

#[tokio::test]
async fn a_sender_is_known_by_what_they_wrote_before() {
    let served = serve(Shared::find().unwrap().description(), &[]).await;
    let letter = "From: ann@x.example\r\nSubject: x\r\n\r\nx\r\n";
    let other = "From: joann@x.example\r\nSubject: x\r\n\r\nx\r\n";
    let (mut browser, links) = inbox(&served, &[other, letter, letter]).await;
    for (link, earlier) in [(&links[1], "false"), (&links[2], "true")] {
        let key = app::place::key_of_segments("INBOX", link.rsplit('/').next().unwrap()).unwrap();
        let question = format!("{{\"key\":{}}}", serde_json::to_string(&key).unwrap());
        let own = [
            ("content-type", "application/json"),
            ("origin", crate::browser::ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ];
        let answer = browser.ask(Method::POST, "/api/message/acquaintance", &own, question).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(answer.text().contains(&format!("\"earlier\":{earlier}")), "{link} {}", answer.text());
    }
}

#[tokio::test]
async fn a_list_is_left_with_one_click_by_a_plain_form_of_our_own() {
    let testbed = Shared::find().unwrap().description();
    let (address, asked) = listening(testbed, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await;
    let trusting = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) }).unwrap();
    let outside = Outside::reaching(Some(trusting), Box::new(ThisMachine), Reach::for_tests(vec![address]));
    let served = serve_with(testbed, &BELIEVED, outside).await;
    let letter = |dkim: &str| {
        format!(
            "Authentication-Results: mx.example.org; dkim={dkim} header.d=shop.example\r\n\
             From: news@shop.example\r\nSubject: x\r\n\
             List-Unsubscribe: <https://{}:{}/leave?who=1>, <mailto:leave@shop.example>\r\n\
             List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nx\r\n",
            testbed.host,
            address.port()
        )
    };
    let (mut browser, links) = inbox(&served, &[&letter("pass"), &letter("fail")]).await;
    let form = |link: &str| format!("{}/unsubscribe", link.replace("/mail/", "/message/"));
    let page = browser.get(&links[0]).await.text();
    assert!(page.contains(&format!("action=\"{}\"", form(&links[0]))), "{page}");
    assert!(page.contains("href=\"mailto:leave@shop.example\""), "{page}");
    // Opening a message tells nobody, and neither does another site, or somebody who is not signed in.
    let foreign = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = browser.ask(Method::POST, &form(&links[0]), &foreign, String::new()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(served.browser().post(&form(&links[0]), &[]).await.status, StatusCode::UNAUTHORIZED);
    assert!(asked.lock().unwrap().is_empty());
    let answer = browser.post(&form(&links[0]), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), format!("{}?left=done", links[0]));
    let question = asked.lock().unwrap().pop().unwrap();
    assert!(question.starts_with("POST /leave?who=1 HTTP/1.1\r\n"), "{question}");
    assert!(question.ends_with("\r\n\r\nList-Unsubscribe=One-Click"), "{question}");
    let page = browser.get(&format!("{}?left=done", links[0])).await;
    assert!(page.words().contains("The sender was told"), "{}", page.words());
    // Where no signature held, the field may be anybody's.
    let page = browser.get(&links[1]).await.text();
    assert!(page.contains("class=\"unsubscribe\"") && !page.contains(&form(&links[1])), "{page}");
    let answer = browser.post(&form(&links[1]), &[]).await;
    assert_eq!(answer.header("location"), format!("{}?left=not-offered", links[1]));
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_is_a_card() {
    let served = serve(Shared::find().unwrap().description(), &[]).await;
    let letter = "From: ann@x.example\r\nSubject: x\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n\
                  BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tea <b>now</b>\r\n\
                  DTSTART;TZID=Europe/Berlin:20260701T150000\r\nDTEND;TZID=Europe/Berlin:20260701T160000\r\nLOCATION:Garden\r\n\
                  ORGANIZER;CN=Ann:mailto:ann@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let (mut browser, links) = inbox(&served, &[letter]).await;
    let page = browser.get(&links[0]).await;
    let words = page.words();
    assert!(page.text().contains("class=\"invitation\""), "{words}");
    for said in ["Tea <b>now</b>", "Garden", "Europe/Berlin", "15:00", "Ann"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!page.text().contains("<b>now"), "{words}");
}
