//! One message as a person sees it, however it was sent.

use axum::http::{Method, StatusCode};
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Shared, hostile};

use crate::browser::{Answer, Browser, ORIGIN, Served, links, serve};

/// Where hostile mail would like to be heard. Nobody listens.
const STRANGER: &str = "http://stranger.test:9";

/// A browser with these messages in its Inbox, and the addresses of their pages, oldest first.
pub(crate) async fn inbox(messages: &[&[u8]]) -> (Served, Browser, Vec<String>, Client) {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    for message in messages {
        other.append("INBOX", None, None, message).await.unwrap();
    }
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    let page = browser.get("/mail/me/INBOX").await;
    assert_eq!(page.status, StatusCode::OK);
    let mut found = links(&page.text(), "/mail/me/INBOX/");
    found.sort_by_key(|link| link.rsplit('.').next().and_then(|uid| uid.parse::<u32>().ok()));
    assert_eq!(found.len(), messages.len());
    (served, browser, found, other)
}

pub(crate) async fn opened(message: &[u8]) -> (Browser, String, Answer) {
    let (_served, mut browser, links, _) = inbox(&[message]).await;
    let answer = browser.get(&links[0]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.words());
    (browser, links[0].replace("/mail/", "/message/"), answer)
}

#[tokio::test]
async fn every_hostile_message_is_listed_and_opens_and_none_becomes_markup() {
    let all = hostile::all(STRANGER);
    let bytes: Vec<&[u8]> = all.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let (_served, mut browser, links, _) = inbox(&bytes).await;
    let list = browser.get("/mail/me/INBOX").await.text();
    assert!(!list.contains("<script>alert") && !list.contains("</title><script"));
    for ((name, _), link) in all.iter().zip(&links) {
        let page = browser.get(link).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        let text = page.text();
        for markup in ["<script>alert", "</title><script", "<img src=x"] {
            assert!(!text.contains(markup), "{name}: {markup}");
        }
        let body = browser.get(&format!("{}/body", link.replace("/mail/", "/message/"))).await;
        assert!(matches!(body.status.as_u16(), 200 | 422), "{name}: {}", body.status);
        assert!(body.header("content-security-policy").starts_with("sandbox allow-popups"), "{name}");
        let text = body.text();
        for markup in
            ["<script", "onerror", "onload", "javascript:", "<iframe", "<form", "<svg", "<input", "@import"]
        {
            assert!(!text.to_lowercase().contains(markup), "{name}: {markup}");
        }
        // A stranger may be linked to, which a person follows or not, but never asked for anything.
        for piece in text.split(STRANGER).collect::<Vec<_>>().windows(2) {
            assert!(
                piece[0].ends_with("<a href=\""),
                "{name}: …{}",
                &piece[0][piece[0].len().saturating_sub(60)..]
            );
        }
    }
}

#[tokio::test]
async fn a_message_without_a_header_shows_its_text() {
    let (_, _, answer) = opened(&hostile::without_header()).await;
    let words = answer.words();
    assert!(words.contains("(no subject)") && words.contains("just text, no header"), "{words}");
}

#[tokio::test]
async fn an_unknown_character_set_is_guessed_and_said_so() {
    let (_, _, answer) = opened(&hostile::unknown_charset()).await;
    let words = answer.words();
    assert!(
        words.contains("Grüße") && words.contains("unknown or unsafe character set “x-klingon”"),
        "{words}"
    );
}

#[tokio::test]
async fn a_nul_byte_costs_nothing_but_itself() {
    let (_, _, answer) = opened(&hostile::with_nul()).await;
    let words = answer.words();
    assert!(words.contains("before") && words.contains("after"), "{words}");
    assert!(!answer.body.contains(&0));
}

#[tokio::test]
async fn two_thousand_parts_are_listed_and_each_can_be_had() {
    let (mut browser, link, answer) = opened(&hostile::many_parts()).await;
    let found = links(&answer.text(), "/attachment/");
    assert!(found.len() >= 1_999, "{}", found.len());
    let part = browser.get(&format!("{link}/attachment/2000")).await;
    assert_eq!(part.status, StatusCode::OK);
    assert_eq!(part.text().trim(), "part 1999");
    assert!(part.header("content-disposition").contains("part-1999.txt"));
    assert_eq!(browser.get(&format!("{link}/attachment/2001")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn html_that_would_cost_too_much_is_refused_in_words_and_its_source_is_there() {
    let (mut browser, link, _) = opened(&hostile::deep_html()).await;
    let body = browser.get(&format!("{link}/body")).await;
    assert_eq!(body.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.text().contains("too deeply nested"), "{}", body.text());
    let source = browser.get(&format!("{link}/source")).await;
    assert_eq!(source.body, hostile::deep_html());
    assert!(source.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn an_attachment_arrives_byte_for_byte_under_a_cleaned_name() {
    let content: Vec<u8> = (0..=255).cycle().take(700_000).collect();
    let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &content);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let message = format!(
        "From: a@x.test\r\nSubject: file\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nsee there\r\n--b\r\nContent-Type: text/html; name=\"../../e\u{202e}vil.html\"\r\n\
         Content-Disposition: attachment; filename=\"../../e\u{202e}vil.html\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        lines.join("\r\n")
    );
    let (mut browser, link, answer) = opened(message.as_bytes()).await;
    assert!(answer.words().contains("see there"));
    let file = browser.get(&format!("{link}/attachment/2")).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body == content, "{} bytes", file.body.len());
    assert_eq!(file.header("content-type"), "application/octet-stream");
    let disposition = file.header("content-disposition");
    assert!(disposition.starts_with("attachment;") && disposition.contains("evil.html"), "{disposition}");
    assert!(!disposition.contains("..") && !disposition.contains('/'), "{disposition}");
}

#[tokio::test]
async fn a_message_of_endless_structure_costs_nobody_their_list() {
    // Sixty attached messages of 1,900 addressees each: a structure of five megabytes.
    let addressees: Vec<String> =
        (0..1_900).map(|index| format!("person number {index} <p{index}@x.test>")).collect();
    let mut huge = b"From: a@x.test\r\nSubject: endless\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthe text\r\n".to_vec();
    for _ in 0..60 {
        let header = format!(
            "--b\r\nContent-Type: message/rfc822\r\n\r\nTo: {}\r\n\r\nx\r\n",
            addressees.join(",\r\n ")
        );
        huge.extend_from_slice(header.as_bytes());
    }
    huge.extend_from_slice(b"--b--\r\n");
    let innocent = b"From: a@x.test\r\nSubject: innocent\r\n\r\nx\r\n";
    let (_served, mut browser, links, _) = inbox(&[&huge, innocent]).await;
    let list = browser.get("/mail/me/INBOX").await.words();
    assert!(list.contains("endless") && list.contains("innocent"), "{list}");
    let page = browser.get(&links[0]).await;
    assert_eq!(page.status, StatusCode::OK);
    let words = page.words();
    assert!(words.contains("the text") && words.contains("endless"), "{words}");
    assert!(words.contains("structure of this message is damaged"), "{words}");
}

#[tokio::test]
async fn mail_that_arrived_a_moment_ago_can_be_opened_and_what_never_was_is_not_there() {
    let message = b"From: a@x.test\r\nSubject: first\r\n\r\nx\r\n";
    let (_served, mut browser, links, mut other) = inbox(&[message]).await;
    let (place, uid) = links[0].rsplit_once('.').unwrap();
    let next: u32 = uid.parse::<u32>().unwrap() + 1;
    other.append("INBOX", None, None, b"From: a@x.test\r\nSubject: second\r\n\r\nfresh\r\n").await.unwrap();
    let page = browser.get(&format!("{place}.{next}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
    assert!(page.words().contains("fresh"));
    let inside = place.replace("/mail/", "/message/");
    other.append("INBOX", None, None, b"From: a@x.test\r\nSubject: third\r\n\r\nraw\r\n").await.unwrap();
    let source = browser.get(&format!("{inside}.{}/source", next + 1)).await;
    assert_eq!(source.status, StatusCode::OK);
    assert!(source.text().ends_with("raw\r\n"), "{}", source.text());
    let never = browser.get(&format!("{inside}.4294967295/source")).await;
    assert_eq!(never.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn downloads_that_nobody_reads_keep_nobody_from_their_mail() {
    let mut large = b"From: a@x.test\r\nSubject: large\r\n\r\n".to_vec();
    large.resize(2_000_000, b'x');
    let (_served, mut browser, links, _) = inbox(&[&large]).await;
    let source = format!("{}/source", links[0].replace("/mail/", "/message/"));
    let mut stalled = Vec::new();
    for _ in 0..5 {
        let own = [("sec-fetch-site", "same-origin")];
        let answer = browser.begin(Method::GET, &source, &own, String::new()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        stalled.push(answer);
    }
    assert_eq!(browser.get("/mail/me/INBOX").await.status, StatusCode::OK);
    drop(stalled);
    assert_eq!(browser.get(&source).await.body, large);
}

#[tokio::test]
async fn nobody_passes_for_somebody_else_by_the_way_an_address_is_written() {
    let written = [
        "<=?utf-8?q?anna=40demo.test?=@evil.test>",
        "Anna <=?utf-8?q?anna=40demo.test=3E=2C?=@evil.test>",
        "\"Anna\" <\"anna@demo.test>,\"@evil.test>",
        "Anna <\"anna\\@demo.test\\>,\"@evil.test>",
        "=?utf-8?q?Anna\"?= <anna@demo.test> \" <u@evil.test>",
        "=?utf-8?q?Anna(?= <anna@demo.test> ) <u@evil.test>",
    ];
    let mails: Vec<String> =
        written.iter().map(|from| format!("From: {from}\r\nSubject: x\r\n\r\nx\r\n")).collect();
    let bytes: Vec<&[u8]> = mails.iter().map(String::as_bytes).collect();
    let (_served, mut browser, links, _) = inbox(&bytes).await;
    for (from, link) in written.iter().zip(&links) {
        let page = browser.get(link).await.text();
        let people = page.split("message-people").nth(1).unwrap().split("</ul>").next().unwrap();
        // The address of a person is in the hint of their name.
        let addresses: Vec<&str> =
            people.split("<li title=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!addresses.contains(&"anna@demo.test"), "{from}: {addresses:?}");
        assert!(addresses.iter().any(|address| address.ends_with("evil.test")), "{from}: {addresses:?}");
    }
}

#[tokio::test]
async fn an_opened_message_is_read_in_every_other_program() {
    let message = b"From: a@x.test\r\nSubject: unread\r\n\r\nx\r\n";
    let (_served, mut browser, links, mut other) = inbox(&[message]).await;
    other.select("INBOX").await.unwrap();
    assert_eq!(other.search("UNSEEN").await.unwrap().len(), 1);
    let page = browser.get(&links[0]).await;
    assert_eq!(page.status, StatusCode::OK);
    // The counts beside it know already.
    assert!(!page.words().contains("1 unread message"), "{}", page.words());
    other.select("INBOX").await.unwrap();
    assert!(other.search("UNSEEN").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_is_unread_again_and_one_that_is_read_ahead_stays_so() {
    let message = b"From: a@x.test\r\nSubject: unread\r\n\r\nwords\r\n";
    let (_served, mut browser, links, mut other) = inbox(&[message]).await;
    let key = app::place::key_of_segments("INBOX", links[0].rsplit('/').next().unwrap()).unwrap();
    let key = serde_json::to_string(&key).unwrap();
    let own = [("content-type", "application/json"), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let question = format!("{{\"question\":{{\"key\":{key},\"within\":null,\"pictures\":false}}}}");
    let answer = browser.ask(Method::POST, "/api/message/peek", &own, question).await;
    assert!(answer.status == StatusCode::OK && answer.text().contains("words"), "{}", answer.text());
    other.select("INBOX").await.unwrap();
    assert_eq!(other.search("UNSEEN").await.unwrap().len(), 1);
    browser.get(&links[0]).await;
    other.select("INBOX").await.unwrap();
    assert!(other.search("UNSEEN").await.unwrap().is_empty());
    let answer = browser.post(&format!("{}/unread", links[0].replace("/mail/", "/message/")), &[]).await;
    assert_eq!(answer.header("location"), "/mail/me/INBOX");
    other.select("INBOX").await.unwrap();
    assert_eq!(other.search("UNSEEN").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_source_is_looked_at_as_text() {
    let message = b"From: a@x.test\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<script>x</script>\r\n";
    let (_served, mut browser, links, _) = inbox(&[message]).await;
    let source = browser.get(&format!("{}/source.txt", links[0].replace("/mail/", "/message/"))).await;
    assert_eq!(source.header("content-type"), "text/plain; charset=utf-8");
    assert!(source.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert!(source.text().ends_with("<script>x</script>\r\n"));
}

#[tokio::test]
async fn a_message_that_is_gone_and_a_folder_that_was_made_anew_are_told_apart() {
    let message = b"From: a@x.test\r\nSubject: x\r\n\r\nx\r\n";
    let (_served, mut browser, links, _) = inbox(&[message]).await;
    let (place, _) = links[0].rsplit_once('.').unwrap();
    let gone = browser.get(&format!("{place}.999")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.words().contains("This message does not exist, or no longer."), "{}", gone.words());
    let anew = browser.get("/mail/me/INBOX/7.1").await;
    assert_eq!(anew.status, StatusCode::CONFLICT);
    assert!(anew.words().contains("The folder was made anew"), "{}", anew.words());
    for nonsense in ["0.1", "1", "1.x", "99999999999.1"] {
        let answer = browser.get(&format!("/mail/me/INBOX/{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nonsense}");
    }
}

/// A message whose HTML is this.
fn html(html: &str) -> Vec<u8> {
    format!(
        "From: \"Shop <b>\" <a@x.test>\r\nTo: me@demo.test\r\nSubject: <i>Sale</i>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_link_that_names_another_place_leads_to_a_warning_first() {
    let message =
        html("<a href='https://evil.com/x'>www.paypal.com</a> <a href='https://fine.com/'>Read on</a>");
    let (mut browser, link, _) = opened(&message).await;
    let body = browser.get(&format!("{link}/body")).await.text();
    assert!(body.contains("href=\"https://fine.com/\""), "{body}");
    let (_, rest) = body.split_once("href=\"/leaving?").unwrap();
    let query = rest.split('"').next().unwrap().replace("&amp;", "&");
    let warning = browser.get(&format!("/leaving?{query}")).await;
    assert_eq!(warning.status, StatusCode::OK);
    let words = warning.words();
    assert!(words.contains("www.paypal.com") && words.contains("evil.com"), "{words}");
    assert!(warning.text().contains("href=\"https://evil.com/x\""));
    for other in ["javascript:alert(1)", "//evil.test", "https://a.test\\@b.test", "data:text/html,x", ""] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", other).finish();
        assert_eq!(browser.get(&format!("/leaving?{query}")).await.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn a_message_is_dressed_for_the_dark_or_shown_as_it_was_sent() {
    let (mut browser, link, _) =
        opened(&html("<style>.a{color:#000}</style><p class=a bgcolor=white style='color:#000'>x</p>")).await;
    let adapted = browser.get(&format!("{link}/body")).await.text();
    assert!(adapted.contains("color-scheme:light dark") && adapted.contains(".a{color:light-dark(#000,"));
    let sent = browser.get(&format!("{link}/body?as-sent")).await.text();
    assert!(sent.contains("color-scheme:only light"));
}

#[tokio::test]
async fn paper_has_the_letter_below_its_heading_and_no_markup_of_strangers_in_it() {
    let (mut browser, link, _) = opened(&html("<p>Half price</p><script>alert(1)</script>")).await;
    let paper = browser.get(&format!("{link}/paper")).await;
    assert_eq!(paper.status, StatusCode::OK);
    assert!(paper.header("content-security-policy").starts_with("sandbox allow-popups"));
    let text = paper.text();
    for words in
        ["&lt;i&gt;Sale&lt;/i&gt;", "Shop &lt;b&gt; &lt;a@x.test&gt;", "me@demo.test", "<p>Half price</p>"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains("<script") && !text.contains("<i>"));
    let (mut browser, link, _) = opened(b"From: a@x.test\r\nSubject: plain\r\n\r\n1 < 2\r\n").await;
    assert!(browser.get(&format!("{link}/paper")).await.text().contains("1 &lt; 2"));
}

#[tokio::test]
async fn all_texts_of_a_message_are_shown_one_after_the_other() {
    let message = b"From: a@x.test\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
        Content-Type: text/html\r\n\r\n<b>first</b><!--\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\n\
        Content-Type: text/plain\r\n\r\nsecond <i>\r\n--b--\r\n";
    let (mut browser, link, _) = opened(message).await;
    let body = browser.get(&format!("{link}/body")).await.text();
    assert!(body.contains("<b>first</b>") && body.contains("second &lt;i&gt;"), "{body}");
}
