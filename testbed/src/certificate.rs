//! A private authority and the certificates of the servers, made by the `openssl` program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Certificate, Error, Result};

/// Where a server's certificate and its key are.
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// The authority tests trust; not always the one that signed.
    pub(crate) ca: PathBuf,
}

/// Makes what is missing below `dir`; a second start finds everything there.
pub(crate) fn prepare(dir: &Path, which: Certificate) -> Result<Files> {
    fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
    let ca = authority(dir, "ca")?;
    let (name, signer) = match which {
        Certificate::Trusted => ("trusted", ca.clone()),
        Certificate::Expired => ("expired", ca.clone()),
        Certificate::OtherName => ("other-name", ca.clone()),
        Certificate::Untrusted => ("untrusted", authority(dir, "stranger")?),
    };
    let files =
        Files { certificate: dir.join(format!("{name}.pem")), key: dir.join(format!("{name}.key")), ca };
    if !files.certificate.exists() {
        sign(dir, &files, &signer, which)?;
    }
    Ok(files)
}

/// A self-signed authority `<name>.pem` with `<name>.key`.
fn authority(dir: &Path, name: &str) -> Result<PathBuf> {
    let certificate = dir.join(format!("{name}.pem"));
    if certificate.exists() {
        return Ok(certificate);
    }
    // Under its own name only when complete: an earlier run may have been killed half-way.
    let unfinished = dir.join(format!("{name}.unfinished"));
    openssl(
        openssl_new_key(Command::new("openssl").arg("req").arg("-x509"), &dir.join(format!("{name}.key")))
            .arg("-out")
            .arg(&unfinished)
            .args(["-subj", &format!("/CN=Pennypost testbed {name}"), "-days", "3650"])
            .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"]),
    )?;
    fs::rename(&unfinished, &certificate).map_err(Error::io("write", &certificate))?;
    Ok(certificate)
}

fn sign(dir: &Path, files: &Files, signer: &Path, which: Certificate) -> Result<()> {
    let name = if which == Certificate::OtherName { "mail.elsewhere.test" } else { "localhost" };
    let names = if which == Certificate::OtherName {
        format!("subjectAltName=DNS:{name}")
    } else {
        format!("subjectAltName=DNS:{name},IP:127.0.0.1,IP:127.0.0.2")
    };
    let request = files.certificate.with_extension("request");
    openssl(
        openssl_new_key(Command::new("openssl").arg("req").arg("-new"), &files.key)
            .arg("-out")
            .arg(&request)
            .args(["-subj", &format!("/CN={name}"), "-addext", &names])
            .args([
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "extendedKeyUsage=serverAuth",
            ]),
    )?;
    // `openssl ca` is the one command of OpenSSL 3.0 that takes dates in the past.
    let register = dir.join("register");
    let _ = fs::remove_dir_all(&register);
    fs::create_dir_all(&register).map_err(Error::io("create", &register))?;
    fs::write(register.join("index.txt"), "").map_err(Error::io("write", &register))?;
    let settings = register.join("ca.cnf");
    let text = include_str!("config/ca.cnf").replace("@ca@", &register.to_string_lossy());
    fs::write(&settings, text).map_err(Error::io("write", &settings))?;
    let (from, until) = match which {
        Certificate::Expired => ("20200101000000Z", "20200201000000Z"),
        _ => ("20200101000000Z", "20491231235959Z"),
    };
    let unfinished = files.certificate.with_extension("unfinished");
    openssl(
        Command::new("openssl")
            .args(["ca", "-batch", "-notext", "-startdate", from, "-enddate", until])
            .arg("-config")
            .arg(&settings)
            .arg("-cert")
            .arg(signer)
            .arg("-keyfile")
            .arg(signer.with_extension("key"))
            .arg("-in")
            .arg(&request)
            .arg("-out")
            .arg(&unfinished),
    )?;
    fs::rename(&unfinished, &files.certificate).map_err(Error::io("write", &files.certificate))
}

fn openssl_new_key<'a>(command: &'a mut Command, key: &Path) -> &'a mut Command {
    command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"]).arg(key)
}

fn openssl(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .map_err(|_| Error::Missing { binary: "openssl".into(), package: "openssl".into() })?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Command {
        command: "openssl".into(),
        output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
