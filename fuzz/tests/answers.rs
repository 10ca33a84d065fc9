//! Answers put together of what servers say, right and wrong, to every command: none makes a reader fail. The engine
//! finds more, but does not run on every change.

use proptest::prelude::*;

/// A value as it stands in a response, or nearly.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("NIL".to_owned()),
        "[0-9]{1,20}",
        "\"[^\r\n\"\\\\]{0,9}\"",
        "[0-9]{1,3}:[0-9*]{1,3}(,[0-9]{1,4}){0,3}",
        "(MESSAGES|UNSEEN|STORAGE|MAILBOXID|FLAGS|UID|MODSEQ|RFC822.SIZE|ENVELOPE|BODYSTRUCTURE|PREVIEW|BODY\\[\\]|BODY\\[1\\]<0>|INTERNALDATE|EMAILID|COUNT|ALL|PARTIAL|EARLIER|/private/comment|/shared/admin|INBOX|Archive|lrswi|\\\\Seen|&APw-|[(){}\"&~])",
        "[a-z\u{0}ü]{0,6}".prop_map(|text| format!("{{{}}}\r\n{text}", text.len())),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop::collection::vec(inner, 0..6).prop_map(|values| format!("({})", values.join(" ")))
    })
}

fn line() -> impl Strategy<Value = String> {
    let name = "(LIST|LSUB|STATUS|NAMESPACE|MYRIGHTS|QUOTA|QUOTAROOT|METADATA|ID|SEARCH|ESEARCH|SORT|THREAD|VANISHED|CAPABILITY|ENABLED|FLAGS|[0-9]{1,3} (FETCH|EXISTS|EXPUNGE|RECENT))";
    let data = (name, prop::collection::vec(value(), 0..5))
        .prop_map(|(name, values)| format!("* {name} {}", values.join(" ")));
    let code = "(COPYUID 7 [0-9:,]{1,9} [0-9:,]{1,9}|APPENDUID [0-9]{1,3} [0-9]{1,3}|MODIFIED [0-9:,]{1,9}|HIGHESTMODSEQ [0-9]{1,20}|UIDVALIDITY [0-9]{1,11}|MAILBOXID \\([a-z]{0,3}\\)|CLOSED|NONEXISTENT)";
    let status = ("(\\*|\\{tag\\}|p1)", "(OK|NO|BAD)", code)
        .prop_map(|(tag, kind, code)| format!("{tag} {kind} [{code}] words"));
    prop_oneof![5 => data, 2 => status, 1 => Just("+ go on".to_owned()), 1 => Just("{tag} OK".to_owned())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_command_survives_every_answer(
        answers in prop::collection::vec(prop::collection::vec(line(), 0..6), 0..4),
    ) {
        let answers: Vec<String> = answers.iter().map(|lines| format!("{}\r\n{{tag}} OK\r\n", lines.join("\r\n"))).collect();
        for command in fuzz::COMMANDS {
            let extensions = "ACL CONDSTORE CONTEXT=SEARCH ENABLE ESEARCH ESORT ID IDLE LIST-EXTENDED LIST-STATUS LITERAL+ METADATA MOVE NAMESPACE NOTIFY OBJECTID PARTIAL PREVIEW QRESYNC QUOTA SORT SPECIAL-USE THREAD=REFERENCES UIDPLUS";
            for stated in [extensions, ""] {
                fuzz::frames(format!("{command}\n* OK [CAPABILITY IMAP4rev1 {stated}] x\r\n\n{}", answers.join("\n")).as_bytes());
            }
        }
    }
}
