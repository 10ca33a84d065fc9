//! A running mail server: start, wait, stop, start again.

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::crowd::Watches;
use crate::keeper::{Keeper, Program};
use crate::place::Place;
use crate::ports::Ports;
use crate::{Description, Error, Options, Result, certificate, dovecot, postfix};

/// A running mail server; it ends when this is dropped, and also when its process is killed.
#[derive(Debug)]
pub struct Testbed {
    description: Description,
    // In this order: the servers end before their sockets are removed and the folder is unlocked.
    keeper: Keeper,
    programs: Vec<Served>,
    _watches: Option<Watches>,
    _place: Place,
}

/// A program and the ports it listens on.
#[derive(Clone, Debug)]
struct Served {
    program: Program,
    ports: Vec<u16>,
}

impl Testbed {
    /// Starts a mail server in a folder, which keeps its mail and its ports for the next time. Returns
    /// when all ports answer.
    ///
    /// # Errors
    /// When Dovecot, Postfix or openssl are missing or do not start, or the folder is in use.
    pub fn start(folder: &Path, options: &Options) -> Result<Self> {
        let place = Place::take(folder)?;
        let files = certificate::prepare(&place.dir, options.certificate)?;
        let watches = options.crowd.then(Watches::raise);
        let keeper = Keeper::new();
        // Another process may take a port between our choice and the server's start.
        let mut attempts = 3;
        let (ports, programs) = loop {
            attempts -= 1;
            let ports = Ports::choose(&place.dir)?;
            let programs = prepare(&place, options, ports, &files)?;
            match run(&keeper, &programs) {
                Ok(()) => break (ports, programs),
                Err(Error::NotReady { .. }) if attempts > 0 => {
                    programs.iter().for_each(|served| keeper.stop(served.program.name));
                    Ports::forget(&place.dir);
                }
                Err(error) => return Err(error),
            }
        };
        let with_postfix = |port| if options.without_postfix { 0 } else { port };
        let description = Description {
            folder: place.dir.clone(),
            host: "localhost".into(),
            imap: ports.imap_tls,
            imap_starttls: ports.imap_starttls,
            submission: with_postfix(ports.submission_tls),
            submission_starttls: with_postfix(ports.submission_starttls),
            sieve: ports.managesieve,
            pop3: ports.pop3s,
            ca_file: files.ca,
        };
        let testbed = Self { description, keeper, programs, _watches: watches, _place: place };
        testbed.description.save(&testbed.description_file())?;
        Ok(testbed)
    }

    /// Where everything is.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The file with the description, for other processes.
    pub fn description_file(&self) -> PathBuf {
        self.description.folder.join("testbed.json")
    }

    /// The number of the IMAP server's first process; `None` while it is stopped.
    pub fn dovecot_process(&self) -> Option<u32> {
        self.keeper.process(dovecot::NAME)
    }

    /// Stops the IMAP server only, as a crash or an update would: connections break, ports close.
    pub fn stop_dovecot(&self) {
        self.keeper.stop(dovecot::NAME);
    }

    /// Starts the IMAP server again, on the same ports.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_dovecot(&self) -> Result<()> {
        self.start_again(dovecot::NAME)
    }

    /// Stops the submission server only.
    pub fn stop_postfix(&self) {
        self.keeper.stop(postfix::NAME);
    }

    /// Starts the submission server again, on the same ports.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_postfix(&self) -> Result<()> {
        self.start_again(postfix::NAME)
    }

    fn start_again(&self, name: &'static str) -> Result<()> {
        let these: Vec<_> =
            self.programs.iter().filter(|served| served.program.name == name).cloned().collect();
        run(&self.keeper, &these)
    }

    /// Stops all servers and waits until they are gone, as dropping does.
    pub fn stop(self) {
        drop(self);
    }
}

fn prepare(
    place: &Place,
    options: &Options,
    ports: Ports,
    files: &certificate::Files,
) -> Result<Vec<Served>> {
    let mut imap = vec![ports.imap_starttls, ports.managesieve];
    if !options.without_starttls {
        imap.extend([ports.imap_tls, ports.pop3s]);
    }
    let mut programs = vec![Served { program: dovecot::prepare(place, options, ports, files)?, ports: imap }];
    if !options.without_postfix {
        programs.push(Served {
            program: postfix::prepare(place, options, ports, files)?,
            ports: vec![ports.submission_starttls, ports.submission_tls],
        });
    }
    Ok(programs)
}

/// Starts the programs side by side, then waits until each answers on all its ports.
fn run(keeper: &Keeper, programs: &[Served]) -> Result<()> {
    for served in programs {
        keeper.start(served.program.clone())?;
    }
    for served in programs {
        for port in &served.ports {
            await_port(keeper, &served.program, *port)?;
        }
    }
    Ok(())
}

fn await_port(keeper: &Keeper, program: &Program, port: u16) -> Result<()> {
    let patience = Instant::now() + Duration::from_secs(20);
    while Instant::now() < patience {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(());
        }
        if !keeper.runs(program.name) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(Error::NotReady { server: program.name, log: last_words(program) })
}

/// The end of what the program printed and logged.
fn last_words(program: &Program) -> String {
    [program.output.clone(), program.output.with_extension("log")]
        .iter()
        .filter_map(|file| {
            let mut text = String::new();
            std::fs::File::open(file).ok()?.read_to_string(&mut text).ok()?;
            let lines: Vec<&str> = text.lines().collect();
            Some(lines.get(lines.len().saturating_sub(15)..)?.join("\n"))
        })
        .collect::<Vec<_>>()
        .join("\n")
}
