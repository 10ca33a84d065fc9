//! Keeps the servers' processes, and ends them when we end.
//!
//! The kernel can signal a child when its parent dies, but by "parent" it means the *thread* that started
//! it. Threads of test runners and async runtimes come and go, so one thread of ours starts all servers
//! and lives as long as they do.

use std::collections::HashMap;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// A server to run in the foreground.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) package: &'static str,
    pub(crate) arguments: Vec<String>,
    /// Receives what it prints before it opens its own log.
    pub(crate) output: PathBuf,
}

enum Order {
    Start(Program, Sender<Result<()>>),
    Stop(&'static str, Sender<()>),
    Process(&'static str, Sender<Option<u32>>),
}

/// The thread whose children the servers are.
#[derive(Debug)]
pub(crate) struct Keeper {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(crate) fn new() -> Self {
        let (orders, receiver) = channel();
        let thread = std::thread::Builder::new().name("testbed".into()).spawn(move || keep(&receiver)).ok();
        Self { orders: Some(orders), thread }
    }

    pub(crate) fn start(&self, program: Program) -> Result<()> {
        let name = program.name;
        self.ask(|reply| Order::Start(program, reply))
            .unwrap_or(Err(Error::NotReady { server: name, log: "its keeper has ended".into() }))
    }

    /// Returns once the server and its children are gone.
    pub(crate) fn stop(&self, name: &'static str) {
        self.ask(|reply| Order::Stop(name, reply));
    }

    pub(crate) fn runs(&self, name: &'static str) -> bool {
        self.process(name).is_some()
    }

    /// The number of a server's first process, as long as it runs.
    pub(crate) fn process(&self, name: &'static str) -> Option<u32> {
        self.ask(|reply| Order::Process(name, reply)).flatten()
    }

    fn ask<T>(&self, order: impl FnOnce(Sender<T>) -> Order) -> Option<T> {
        let (reply, answer) = channel();
        self.orders.as_ref()?.send(order(reply)).ok()?;
        answer.recv().ok()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // The thread stops all servers when nobody can give it orders any more.
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep(orders: &Receiver<Order>) {
    let mut children: HashMap<&'static str, Child> = HashMap::new();
    for order in orders {
        match order {
            Order::Start(program, reply) => {
                let result = spawn(&program).map(|child| drop(children.insert(program.name, child)));
                let _ = reply.send(result);
            }
            Order::Stop(name, reply) => {
                end(children.remove(name).into_iter().collect());
                let _ = reply.send(());
            }
            Order::Process(name, reply) => {
                let child = children.get_mut(name);
                let running =
                    child.and_then(|child| matches!(child.try_wait(), Ok(None)).then(|| child.id()));
                let _ = reply.send(running);
            }
        }
    }
    end(children.into_values().collect());
}

/// `setpriv` has the kernel send SIGTERM when this process dies, even if it is killed; it then becomes
/// the server itself. Its own process group keeps a Ctrl-C in the terminal from reaching it before us.
fn spawn(program: &Program) -> Result<Child> {
    let output = std::fs::File::create(&program.output).map_err(Error::io("write", &program.output))?;
    let second = output.try_clone().map_err(Error::io("write", &program.output))?;
    if !std::path::Path::new(program.binary).exists() {
        return Err(Error::Missing { binary: program.binary.into(), package: program.package.into() });
    }
    Command::new("setpriv")
        .args(["--pdeathsig", "TERM", "--", program.binary])
        .args(&program.arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(second)
        .process_group(0)
        .spawn()
        .map_err(|_| Error::Missing { binary: "setpriv".into(), package: "util-linux".into() })
}

/// First politely to all, then by force to those that did not listen.
fn end(mut children: Vec<Child>) {
    for child in &children {
        signal("TERM", &child.id().to_string());
    }
    let patience = Instant::now() + Duration::from_secs(3);
    for child in &mut children {
        while Instant::now() < patience && matches!(child.try_wait(), Ok(None)) && !only_logs(child.id()) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Also whatever is left of its process group.
        signal("KILL", &format!("-{}", child.id()));
        let _ = child.wait();
    }
}

/// Dovecot's process for the log stays for a second longer than all others; nothing is left to be lost then.
fn only_logs(master: u32) -> bool {
    let read = |path: String| std::fs::read_to_string(path).unwrap_or_default();
    let children = read(format!("/proc/{master}/task/{master}/children"));
    let mut children = children.split_whitespace();
    match (children.next(), children.next()) {
        (Some(only), None) => {
            read(format!("/proc/{only}/comm")).trim() == "log"
                && read(format!("/proc/{master}/comm")).trim() == "dovecot"
        }
        _ => false,
    }
}

fn signal(name: &str, process: &str) {
    let _ = Command::new("/bin/sh")
        .args(["-c", &format!("kill -s {name} -- {process}")])
        .stderr(Stdio::null())
        .status();
}
