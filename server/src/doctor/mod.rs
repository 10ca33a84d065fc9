//! `pennypost doctor`: are the mail servers there, and can mail be read and sent? Each finding in plain words, each
//! fault with what to change. docs/doctor.md is its page for administrators.

mod account;
mod finding;
mod imap;
mod network;
mod side_door;
mod submission;

use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use secrecy::SecretString;

use crate::config::Config;
use finding::Report;

/// Exit status when nothing is wrong, but nobody signed in, so that reading and sending were not tried.
const NOT_TRIED: u8 = 3;

/// What to check.
#[derive(clap::Args)]
pub struct Options {
    /// Also sign in with this address; the password is asked for, or read from standard input
    #[arg(long, value_name = "ADDRESS")]
    account: Option<String>,
}

/// Somebody to sign in as.
struct Account {
    login: String,
    password: SecretString,
}

/// Checks and prints. The status is 0 only when mail was seen to be read and the way to send it is open; 3 when nothing
/// is wrong but no account was given; 1 when something is wrong.
pub async fn run(config: &Config, options: &Options) -> ExitCode {
    let account = match options.account.as_deref().map(ask).transpose() {
        Ok(account) => account,
        Err(error) => {
            eprintln!("the password can't be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    imap::check(config, account.as_ref(), &mut report).await;
    submission::check(config, account.as_ref(), &mut report).await;
    report.section("Result");
    match (report.faults(), account) {
        (0, Some(_)) => {
            report.good("All is well: mail can be read and sent.");
            ExitCode::SUCCESS
        }
        (0, None) => {
            report.note(
                "Both servers are as they should be. Whether mail can be read and sent shows only with an account.",
                "Run it again with --account ADDRESS.",
            );
            ExitCode::from(NOT_TRIED)
        }
        (faults, _) => {
            let words = if faults == 1 { "One thing is wrong" } else { "Several things are wrong" };
            report.fault(&format!("{words}: see ✗ above."), "Change it and run doctor again.");
            ExitCode::FAILURE
        }
    }
}

fn ask(login: &str) -> io::Result<Account> {
    let password = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("Password of {login}: "))?
    } else {
        let mut password = String::new();
        // More than anybody's password, and less than what a wrong file could hold.
        io::stdin().lock().take(4096).read_to_string(&mut password)?;
        password.trim_end_matches(['\r', '\n']).to_owned()
    };
    Ok(Account { login: login.to_owned(), password: password.into() })
}
