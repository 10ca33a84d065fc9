//! The machine and its processes, as the kernel counts them.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Result;

/// What else must be known about a figure.
#[derive(Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: u64,
    load_before: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let field = |file: &str, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map_or(String::new(), |(_, value)| value.trim().to_owned())
        };
        let memory = field("/proc/meminfo", "MemTotal");
        let kib: u64 = memory.split(' ').next().and_then(|kib| kib.parse().ok()).unwrap_or_default();
        Self {
            processor: field("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gib: kib / 1024 / 1024,
            load_before: load(),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, load_before } = self;
        let processor = if processor.is_empty() { "" } else { &format!(" ({processor})") };
        write!(
            f,
            "{cores} cores{processor} for everything together, {memory_gib} GiB; load average {load_before} before"
        )
    }
}

/// The load averages of one, five and fifteen minutes.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// A process and all that it started.
#[derive(Clone, Copy)]
pub(crate) struct Tree {
    root: u32,
}

/// What a process says of itself.
struct Process {
    parent: u32,
    name: String,
    /// Of it alone, and of children that have ended.
    ticks: u64,
    of_ended: u64,
}

/// Memory in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// What it has of memory, where what several share is divided among them.
    pub(crate) pss: u64,
    /// What it has, shared or not.
    pub(crate) rss: u64,
}

/// In which the kernel tells CPU time, on every Linux that Rust knows.
const TICKS_PER_SECOND: f64 = 100.0;

impl Tree {
    pub(crate) fn of(root: u32) -> Result<Self> {
        if Path::new(&format!("/proc/{root}")).exists() {
            return Ok(Self { root });
        }
        Err(format!("there is no process {root}").into())
    }

    /// Seconds of CPU that it took so far.
    pub(crate) fn cpu(&self) -> f64 {
        let all = self.processes();
        let own: u64 = all.values().map(|process| process.ticks).sum();
        // Those that ended count with whoever waited for them; only the first lives all the time.
        let ended = all.get(&self.root).map_or(0, |process| process.of_ended);
        (own + ended) as f64 / TICKS_PER_SECOND
    }

    pub(crate) fn memory(&self) -> Memory {
        let mut sum = Memory::default();
        for process in self.processes().keys() {
            let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
            let field = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
                line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default()
            };
            sum.pss += field("Pss:");
            sum.rss += field("Rss:");
        }
        sum
    }

    /// How many of its processes have this name.
    pub(crate) fn named(&self, name: &str) -> usize {
        self.processes().values().filter(|process| process.name == name).count()
    }

    fn processes(&self) -> HashMap<u32, Process> {
        let mut all: HashMap<u32, Process> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
            .filter_map(|process| Some((process, look(process)?)))
            .collect();
        let parents: HashMap<u32, u32> =
            all.iter().map(|(process, about)| (*process, about.parent)).collect();
        all.retain(|process, _| {
            let mut above = *process;
            // A tree of processes is never this deep.
            for _ in 0..20 {
                if above == self.root {
                    return true;
                }
                above = parents.get(&above).copied().unwrap_or_default();
            }
            false
        });
        all
    }
}

fn look(process: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in parentheses and may hold any.
    let (before, after) = text.rsplit_once(')')?;
    let name = before.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |position: usize| fields.get(position).and_then(|field| field.parse::<u64>().ok());
    Some(Process {
        parent: u32::try_from(number(1)?).ok()?,
        name,
        ticks: number(11)? + number(12)?,
        of_ended: number(13)? + number(14)?,
    })
}
