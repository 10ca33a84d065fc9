//! Ceremonies with an authenticator in software that knows nothing of us, and everything that must be refused.

use passkey::authenticator::{Authenticator, MemoryStore, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};
use url::Url;

use super::{ANSWER_BYTES, NewQuestion, Passkey, QUESTION_SECONDS, Question, RelyingParty};
use crate::error::Error;

const HOME: &str = "https://mail.example.org";
const ADA: [u8; 16] = [0xad; 16];
const NOW: i64 = 1_800_000_000;

/// Somebody who touches the authenticator, and shows a finger or does not.
struct Somebody {
    verified: bool,
}

#[async_trait::async_trait]
impl UserValidationMethod for Somebody {
    type PasskeyItem = passkey::types::Passkey;

    async fn check_user<'a>(
        &self,
        hint: UiHint<'a, Self::PasskeyItem>,
        _presence: bool,
        _verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        if matches!(hint, UiHint::InformExcludedCredentialFound(_)) {
            return Err(Ctap2Error::CredentialExcluded);
        }
        Ok(UserCheck { presence: true, verification: self.verified })
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }
}

/// A browser at an address, with an authenticator in it. A clone is a copy of both.
#[derive(Clone)]
struct Browser {
    at: &'static str,
    held: MemoryStore,
    counts: bool,
    verified: bool,
}

/// `credentials.create` or `credentials.get`: takes the JSON of a question, gives the JSON of the answer.
macro_rules! ceremony {
    ($browser:ident, $question:ident, $options:ident, $does:ident) => {{
        let somebody = Somebody { verified: $browser.verified };
        let held = std::mem::take(&mut $browser.held);
        let mut authenticator = Authenticator::new(Aaguid::new_empty(), held, somebody, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter($browser.counts);
        let mut client = Client::new(authenticator);
        let options = $options { public_key: serde_json::from_str($question).unwrap() };
        let answer = client.$does(&Url::parse($browser.at).unwrap(), options, DefaultClientData).await;
        $browser.held = std::mem::take(client.authenticator_mut().store_mut());
        answer.map(|answer| serde_json::to_string(&answer).unwrap()).map_err(|_| ())
    }};
}

impl Browser {
    fn at(at: &'static str) -> Self {
        Self { at, held: MemoryStore::new(), counts: false, verified: true }
    }

    async fn create(&mut self, question: &str) -> Result<String, ()> {
        ceremony!(self, question, CredentialCreationOptions, register)
    }

    async fn get(&mut self, question: &str) -> Result<String, ()> {
        ceremony!(self, question, CredentialRequestOptions, authenticate)
    }
}

fn we() -> RelyingParty {
    RelyingParty::new(HOME, "Pennypost").unwrap()
}

/// A question that was kept and found again.
fn kept<T: serde::Serialize + serde::de::DeserializeOwned>(question: &T) -> T {
    serde_json::from_str(&serde_json::to_string(question).unwrap()).unwrap()
}

async fn registered(browser: &mut Browser) -> Passkey {
    let (question, state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let answer = browser.create(&question).await.unwrap();
    we().check_new(kept(&state), &answer, &[], NOW + 20).unwrap()
}

/// The question with one thing in it changed by somebody on the way.
fn changed(question: &str, pointer: &str, to: Value) -> String {
    let mut question: Value = serde_json::from_str(question).unwrap();
    *question.pointer_mut(pointer).unwrap() = to;
    question.to_string()
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, Error>, why: &str) {
    match result {
        Err(Error::Refused(reason)) => assert_eq!(reason, why),
        other => panic!("{other:?} instead of: {why}"),
    }
}

#[tokio::test]
async fn a_passkey_is_made_kept_and_proves_itself_again_and_again() {
    for counts in [false, true] {
        let mut browser = Browser { counts, ..Browser::at(HOME) };
        let mut passkey = registered(&mut browser).await;
        let mut last = 0;
        for _ in 0..3 {
            let stored = Passkey::restore(&passkey.stored().unwrap()).unwrap();
            let (question, state) = we().ask(std::slice::from_ref(&stored), NOW).unwrap();
            let answer = browser.get(&question).await.unwrap();
            let proven = we().check(kept(&state), &answer, &[stored], NOW + 20).unwrap();
            assert_eq!(proven.index, 0);
            assert_eq!(proven.counter > last, counts);
            last = proven.counter;
            passkey = proven.passkey;
        }
    }
}

#[tokio::test]
async fn the_passkey_that_signed_is_told_apart_from_the_others() {
    let (mut one, mut other) = (Browser::at(HOME), Browser::at(HOME));
    let known = [registered(&mut one).await, registered(&mut other).await];
    let (question, state) = we().ask(&known, NOW).unwrap();
    let answer = other.get(&question).await.unwrap();
    assert_eq!(we().check(state, &answer, &known, NOW).unwrap().index, 1);
}

#[tokio::test]
async fn questions_are_what_browsers_take_and_ask_for_verification_and_no_attestation() {
    let mut browser = Browser::at(HOME);
    let passkey = registered(&mut browser).await;
    let known = [passkey];
    let (question, _) = we().ask_new(ADA, "ada@example.org", &known, NOW).unwrap();
    let new: Value = serde_json::from_str(&question).unwrap();
    assert_eq!(new["rp"], json!({ "id": "mail.example.org", "name": "Pennypost" }));
    assert_eq!(new["user"]["name"], "ada@example.org");
    assert_eq!(new["user"]["id"], "ra2tra2tra2tra2tra2trQ");
    assert_eq!(new["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(new["attestation"], "none");
    assert_eq!(new["timeout"], QUESTION_SECONDS * 1_000);
    let (question, _) = we().ask(&known, NOW).unwrap();
    let known: Value = serde_json::from_str(&question).unwrap();
    assert_eq!(known["rpId"], "mail.example.org");
    assert_eq!(known["userVerification"], "required");
    assert_eq!(known["allowCredentials"][0]["id"], new["excludeCredentials"][0]["id"]);
    assert!(known["challenge"].as_str().unwrap().len() >= 22);
    assert_ne!(known["challenge"], new["challenge"]);
    is_refused(we().ask(&[], NOW), "there is no passkey");
}

#[tokio::test]
async fn an_authenticator_that_is_known_makes_no_second_passkey() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    let (question, _) = we().ask_new(ADA, "ada@example.org", &known, NOW).unwrap();
    assert!(browser.create(&question).await.is_err());
    // One that does not say so is found out.
    let (question, state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let answer = browser.create(&question).await.unwrap();
    let known = [we().check_new(kept(&state), &answer, &known, NOW).unwrap()];
    assert!(matches!(we().check_new(state, &answer, &known, NOW), Err(Error::KeptAlready)));
}

#[tokio::test]
async fn an_answer_to_another_question_or_one_too_late_is_refused() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    let (question, state) = we().ask(&known, NOW).unwrap();
    let answer = browser.get(&question).await.unwrap();
    let (_, later) = we().ask(&known, NOW).unwrap();
    is_refused(we().check(later, &answer, &known, NOW), "another question");
    for now in [NOW - 1, NOW + QUESTION_SECONDS, i64::MAX, i64::MIN] {
        assert!(matches!(we().check(kept(&state), &answer, &known, now), Err(Error::TooLate)), "{now}");
    }
    we().check(state, &answer, &known, NOW + QUESTION_SECONDS - 1).unwrap();

    let (question, state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let answer = Browser::at(HOME).create(&question).await.unwrap();
    let (_, other) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    is_refused(we().check_new(other, &answer, &[], NOW), "another question");
    assert!(matches!(we().check_new(state, &answer, &[], NOW + QUESTION_SECONDS), Err(Error::TooLate)));
}

#[tokio::test]
async fn what_another_site_got_signed_is_refused() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    // A site below ours may ask for our passkeys: the browser allows it, we do not.
    browser.at = "https://evil.mail.example.org";
    let (question, state) = we().ask(&known, NOW).unwrap();
    let answer = browser.get(&question).await.unwrap();
    is_refused(we().check(state, &answer, &known, NOW), "another origin");
    let (question, state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let answer = browser.create(&question).await.unwrap();
    is_refused(we().check_new(state, &answer, &[], NOW), "another origin");
    // And so does one on another port.
    browser.at = "https://mail.example.org:8443";
    let (question, state) = we().ask(&known, NOW).unwrap();
    let answer = browser.get(&question).await.unwrap();
    is_refused(we().check(state, &answer, &known, NOW), "another origin");
    // A site that passes our question on as its own.
    browser.at = "https://mail.example.net";
    let (question, state) = we().ask(&known, NOW).unwrap();
    let passed_on = changed(&question, "/rpId", json!("mail.example.net"));
    let answer = browser.get(&passed_on).await.unwrap();
    is_refused(we().check(state, &answer, &known, NOW), "another origin");
    // The right origin, and a signature for the domain above.
    browser.at = HOME;
    let (question, state) = we().ask(&known, NOW).unwrap();
    let passed_on = changed(&question, "/rpId", json!("example.org"));
    let answer = browser.get(&passed_on).await.unwrap();
    is_refused(we().check(state, &answer, &known, NOW), "another relying party");
}

#[tokio::test]
async fn without_verification_nothing_is_accepted() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    browser.verified = false;
    let (question, state) = we().ask(&known, NOW).unwrap();
    let softened = changed(&question, "/userVerification", json!("discouraged"));
    let answer = browser.get(&softened).await.unwrap();
    is_refused(we().check(state, &answer, &known, NOW), "nobody was verified");
    let (question, state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let softened = changed(&question, "/authenticatorSelection/userVerification", json!("discouraged"));
    let answer = browser.create(&softened).await.unwrap();
    is_refused(we().check_new(state, &answer, &[], NOW), "nobody was verified");
}

#[tokio::test]
async fn the_passkey_of_another_and_one_that_was_removed_prove_nothing() {
    let (mut ada, mut bob) = (Browser::at(HOME), Browser::at(HOME));
    let (hers, his) = ([registered(&mut ada).await], [registered(&mut bob).await]);
    let (question, state) = we().ask(&hers, NOW).unwrap();
    let ids: Value = serde_json::from_str(&we().ask(&his, NOW).unwrap().0).unwrap();
    let his_question = changed(&question, "/allowCredentials", ids["allowCredentials"].clone());
    let answer = bob.get(&his_question).await.unwrap();
    is_refused(we().check(kept(&state), &answer, &hers, NOW), "the passkey is not the person's");
    // His signature under the name of her passkey.
    let answer_of_ada: Value = serde_json::from_str(&ada.get(&question).await.unwrap()).unwrap();
    let mixed = changed(&answer, "/rawId", answer_of_ada["rawId"].clone());
    let mixed = changed(&mixed, "/id", answer_of_ada["id"].clone());
    is_refused(we().check(kept(&state), &mixed, &hers, NOW), "a wrong signature");
    // Hers was removed while she was asked.
    is_refused(we().check(state, &answer_of_ada.to_string(), &[], NOW), "the passkey is not the person's");
}

#[tokio::test]
async fn a_counter_that_went_back_is_told_apart_from_a_wrong_answer() {
    let mut browser = Browser { counts: true, ..Browser::at(HOME) };
    let mut known = [registered(&mut browser).await];
    let mut copy = browser.clone();
    for _ in 0..2 {
        let (question, state) = we().ask(&known, NOW).unwrap();
        let answer = browser.get(&question).await.unwrap();
        known = [we().check(state, &answer, &known, NOW).unwrap().passkey];
    }
    let (question, state) = we().ask(&known, NOW).unwrap();
    let answer = copy.get(&question).await.unwrap();
    assert!(matches!(we().check(state, &answer, &known, NOW), Err(Error::CounterWentBack)));
}

#[tokio::test]
async fn what_is_no_answer_is_not_understood_and_what_is_too_large_is_not_read() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    let (question, state) = we().ask(&known, NOW).unwrap();
    let (new_question, new_state) = we().ask_new(ADA, "ada@example.org", &[], NOW).unwrap();
    let (answer, new_answer) =
        (browser.get(&question).await.unwrap(), browser.create(&new_question).await.unwrap());
    let check = |answer: &str| we().check(kept(&state), answer, &known, NOW);
    let check_new = |answer: &str| we().check_new(kept(&new_state), answer, &[], NOW);
    for garbage in ["", "null", "{}", "[]", "\0", "{\"id\":1}", &answer[..answer.len() - 1]] {
        assert!(matches!(check(garbage), Err(Error::Unreadable)), "{garbage}");
        assert!(matches!(check_new(garbage), Err(Error::Unreadable)), "{garbage}");
    }
    // The answer of one ceremony for the other.
    assert!(check(&new_answer).is_err() && check_new(&answer).is_err());
    for (pointer, to) in [
        ("/response/signature", json!("AAAA")),
        ("/response/authenticatorData", json!("")),
        ("/response/clientDataJSON", json!("e30")),
    ] {
        assert!(check(&changed(&answer, pointer, to)).is_err(), "{pointer}");
    }
    assert!(check_new(&changed(&new_answer, "/response/attestationObject", json!("oA"))).is_err());
    let large = format!("{answer}{}", " ".repeat(ANSWER_BYTES));
    assert!(matches!(check(&large), Err(Error::TooLarge)));
    assert!(matches!(check_new(&large), Err(Error::TooLarge)));
    // After all of that the true ones still hold.
    check(&answer).unwrap();
    check_new(&new_answer).unwrap();
}

#[test]
fn passkeys_need_https_and_a_name_or_this_machine() {
    for good in [
        "https://mail.example.org",
        "https://mail.example.org:8443/",
        "http://localhost:8080",
        "http://pennypost.localhost",
        "https://intranet",
    ] {
        assert!(RelyingParty::new(good, "Pennypost").is_ok(), "{good}");
    }
    for bad in [
        "http://mail.example.org",
        "http://127.0.0.1:8080",
        "https://192.0.2.1",
        "https://[::1]",
        "http://notlocalhost",
        "ftp://localhost",
        "mail.example.org",
        "",
    ] {
        assert!(matches!(RelyingParty::new(bad, "Pennypost"), Err(Error::NoPasskeysHere)), "{bad}");
    }
}

#[tokio::test]
async fn nothing_of_passkeys_and_questions_is_printed() {
    let mut browser = Browser::at(HOME);
    let known = [registered(&mut browser).await];
    let (_, question): (_, Question) = we().ask(&known, NOW).unwrap();
    let (_, new_question): (_, NewQuestion) = we().ask_new(ADA, "ada@example.org", &known, NOW).unwrap();
    let printed = format!("{:?} {question:?} {new_question:?} {:?}", known[0], we());
    assert_eq!(printed, "Passkey(secret) Question(secret) NewQuestion(secret) RelyingParty");
    assert!(Passkey::restore(b"{}").is_err());
}
