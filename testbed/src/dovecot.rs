//! The IMAP server: its files, and the program to run.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use crate::certificate::Files;
use crate::keeper::Program;
use crate::place::{Place, allow, ids_of, is_root, name_of, own_ids};
use crate::ports::Ports;
use crate::{Error, Options, Result, crowd, people, token};

pub(crate) const NAME: &str = "dovecot";
const BINARY: &str = "/usr/sbin/dovecot";

/// Writes everything Dovecot needs; its mail stays as it is.
pub(crate) fn prepare(place: &Place, options: &Options, ports: Ports, files: &Files) -> Result<Program> {
    let (own_uid, own_gid) = own_ids();
    let own_user = name_of(own_uid, "/etc/passwd").unwrap_or_else(|| own_uid.to_string());
    let own_group = name_of(own_gid, "/etc/group").unwrap_or_else(|| own_gid.to_string());
    let root = is_root();
    // Dovecot serves no mail as root, so root lends its mail to the system's user for mail.
    let (mail_uid, mail_gid) = if root { ids_of("mail").unwrap_or((8, 8)) } else { (own_uid, own_gid) };
    let users = if root {
        ("dovecot".to_owned(), "dovecot".to_owned(), "dovenull".to_owned())
    } else {
        (own_user.clone(), own_group, own_user.clone())
    };
    let postfix_user = if options.without_postfix { own_user } else { "postfix".to_owned() };
    // Only root may lock a process into a directory.
    let unchrooted = if root { "" } else { "chroot =" };
    let capability = options.capabilities.map(|all| format!("imap_capability = {all}")).unwrap_or_default();
    let limits = if options.crowd { crowd::CROWD } else { crowd::USUAL };
    // Dovecot tells special use in every LIST, asked or not, so a server without it must not know any.
    let roles = options.capabilities.is_none_or(|all| all.contains("SPECIAL-USE"));
    let template: String = include_str!("config/dovecot.conf")
        .lines()
        .filter(|line| roles || !line.trim_start().starts_with("special_use ="))
        .flat_map(|line| [line, "\n"])
        .collect();
    let token_mechanisms = options.tokens.unwrap_or_default();
    let token_passdb = match options.tokens {
        Some(mechanisms) => token::prepare(&place.dir, mechanisms)?,
        None => String::new(),
    };
    let text = fill(
        &template,
        &[
            ("dir", &place.dir.to_string_lossy()),
            ("run", &place.run.to_string_lossy()),
            ("mail", &place.mail.to_string_lossy()),
            ("internal_user", &users.0),
            ("internal_group", &users.1),
            ("login_user", &users.2),
            ("postfix_user", &postfix_user),
            ("mail_uid", &mail_uid.to_string()),
            ("mail_gid", &mail_gid.to_string()),
            ("ssl", if options.without_starttls { "no" } else { "required" }),
            ("certificate", &files.certificate.to_string_lossy()),
            ("key", &files.key.to_string_lossy()),
            ("imap_capability", &capability),
            ("default_realm", options.default_realm.unwrap_or_default()),
            ("token_mechanisms", token_mechanisms),
            ("token_passdb", &token_passdb),
            ("test_password", people::TEST_PASSWORD),
            ("imap_tls", &ports.imap_tls.to_string()),
            ("imap_starttls", &ports.imap_starttls.to_string()),
            ("managesieve", &ports.managesieve.to_string()),
            ("pop3s", &ports.pop3s.to_string()),
            ("login", unchrooted),
            ("unchrooted", unchrooted),
            ("idle_check", limits.idle_check),
            ("auth_cache", limits.auth_cache),
            ("login_clients", limits.login_clients),
            ("login_processes", limits.login_processes),
            ("imap_processes", limits.imap_processes),
            ("clients", limits.clients),
        ],
    );
    let config = place.dir.join("dovecot.conf");
    write(&config, &text)?;
    write(&place.dir.join("people.passwd"), &people::passwd_file())?;
    if !place.mail.exists() {
        shared_mailboxes(&place.mail)?;
        if root {
            give(&place.mail, mail_uid, mail_gid)?;
        }
    }
    let program = Program {
        name: NAME,
        binary: BINARY,
        package: "dovecot-core",
        arguments: vec!["-F".into(), "-c".into(), config.to_string_lossy().into_owned()],
        output: place.dir.join("dovecot.output"),
    };
    Ok(if options.crowd { crowd::with_many_files(program) } else { program })
}

/// Support's mailboxes shared with Anna (everything) and Ben (reading), and a public one. Written as Dovecot
/// would write them for SETACL: that needs no running server, and is there from the first moment.
fn shared_mailboxes(mail: &Path) -> Result<()> {
    let support = mail.join("demo.test/support/Maildir");
    let public = mail.join("public/Announcements");
    for maildir in [&support, &public] {
        for part in ["cur", "new", "tmp"] {
            let path = maildir.join(part);
            fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        }
    }
    write(&support.join("dovecot-acl"), "user=anna@demo.test lrwstipekxa\nuser=ben@demo.test lrs\n")?;
    let readers = "user=anna@demo.test lrs\nuser=ben@demo.test lrs\nuser=chloe@demo.test lrs\n";
    write(&public.join("dovecot-acl"), readers)?;
    // Who has shared something with whom: keys and values of Dovecot's dictionary file.
    let known: String = ["anna", "ben"]
        .iter()
        .map(|who| format!("shared/shared-boxes/user/{who}@demo.test/support@demo.test\n1\n"))
        .collect();
    write(&mail.join("shared-mailboxes"), &known)
}

/// Hands a tree to another user.
pub(crate) fn give(path: &Path, uid: u32, gid: u32) -> Result<()> {
    chown(path, Some(uid), Some(gid)).map_err(Error::io("change the owner of", path))?;
    if path.is_dir() {
        allow(path, 0o700)?;
        for entry in fs::read_dir(path).map_err(Error::io("read", path))?.flatten() {
            give(&entry.path(), uid, gid)?;
        }
    }
    Ok(())
}

/// Puts values in the place of `@names@`.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// Writes a file that the servers may read.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::io("write", path))?;
    allow(path, 0o644)
}
