//! Ways around a second factor: the mail server itself, which takes the bare password, and other spellings of a name that
//! it takes for the same.

use database::{PersonId, ServerKey};
use imap::authenticate::Credentials;
use imap::connect::{Endpoint, Timeouts, inspect};
use imap::tls::Trust;

use super::Account;
use super::finding::Report;
use crate::config::Config;
use crate::config::sign_in::SecondFactor;

/// Another spelling of a name.
struct Spelling {
    /// In words.
    what: &'static str,
    login: String,
    /// How it is closed.
    change: &'static str,
}

const INSIST: &str = "Make the mail server insist on the whole address as it is written.";
const DOMAINS: &str =
    "Set sign_in.domains to the domains of your people, or make the mail server insist on the whole address.";

/// Checks with an account whose password was just accepted.
pub(super) async fn check(
    config: &Config,
    endpoint: &Endpoint,
    trust: &Trust,
    timeouts: Timeouts,
    account: &Account,
    report: &mut Report,
) {
    report.section("Second factors: ways around them");
    if config.sign_in.policy_of(&account.login) == SecondFactor::Off {
        report.fact("this account has none, by the configuration");
        return;
    }
    report.note(
        "The mail server takes the bare password over IMAP: a second factor guards Pennypost alone, and whoever knows the \
         password comes in with any other mail program.",
        "Let that password in from Pennypost's address only, and give other programs app passwords: see docs/doctor.md.",
    );
    let Ok(key) = ServerKey::generate() else { return };
    let mut around = false;
    for Spelling { what, login, change } in spellings(&account.login) {
        // What is the same person here has the same second factor, and who is not admitted has nothing.
        let same = PersonId::of(&login, &key).ok() == PersonId::of(&account.login, &key).ok();
        if same || !config.sign_in.admits(&login) {
            continue;
        }
        let credentials = Credentials::with_password(login, account.password.clone());
        let signed_in = async {
            let mut connection = inspect(endpoint, trust, timeouts).await?.outcome?;
            connection.authenticate(&credentials).await?;
            connection.logout().await;
            Ok(())
        };
        match signed_in.await {
            Ok(()) => {
                around = true;
                let words = format!(
                    "The mail server takes the same password {what}: if that is the same mailbox, it is a way around \
                     second factors, since here it is another person."
                );
                report.note(&words, change);
            }
            Err(imap::Error::AuthenticationFailed { .. } | imap::Error::SignInRefused { .. }) => {}
            Err(error) => report.fact(&format!("not tried {what}: {error}")),
        }
    }
    if !around {
        report.good(
            "no other spelling of the address is accepted that Pennypost would take for another person",
        );
    }
}

/// Spellings that mail servers are known to take for the same.
fn spellings(login: &str) -> Vec<Spelling> {
    let login = login.trim();
    let (local, domain) = match login.rsplit_once('@') {
        Some((local, domain)) => (local, format!("@{domain}")),
        None => (login, String::new()),
    };
    let Some(first) = local.chars().next() else { return Vec::new() };
    let rest = &local[first.len_utf8()..];
    // The wide form of a letter, which compatibility forms of Unicode make the plain one of.
    let wide =
        u32::from(first).checked_add(0xfee0).and_then(char::from_u32).filter(|_| first.is_ascii_graphic());
    let mut all = vec![
        Spelling { what: "in capital letters", login: login.to_uppercase(), change: INSIST },
        Spelling { what: "for another domain", login: format!("{local}@invalid.invalid"), change: DOMAINS },
        Spelling { what: "with +pennypost", login: format!("{local}+pennypost{domain}"), change: INSIST },
        Spelling { what: "with a dot more", login: format!("{first}.{rest}{domain}"), change: INSIST },
    ];
    if !domain.is_empty() {
        all.push(Spelling { what: "without domain", login: local.to_owned(), change: DOMAINS });
    }
    if let Some(wide) = wide {
        let login = format!("{wide}{rest}{domain}");
        all.push(Spelling { what: "with another form of a letter", login, change: INSIST });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn a_name_has_many_spellings() {
        let of = |login| spellings(login).into_iter().map(|spelling| spelling.login).collect::<Vec<_>>();
        assert_eq!(
            of("ada@example.org"),
            [
                "ADA@EXAMPLE.ORG",
                "ada@invalid.invalid",
                "ada+pennypost@example.org",
                "a.da@example.org",
                "ada",
                "\u{ff41}da@example.org"
            ]
        );
        assert_eq!(of("ö"), ["Ö", "ö@invalid.invalid", "ö+pennypost", "ö."]);
        assert_eq!(of(""), Vec::<String>::new());
    }
}
