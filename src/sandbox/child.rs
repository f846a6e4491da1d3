//! The child: restricts itself, waits for one task, answers line by line, and ends.
//!
//! It is forked from a [server](super::fork_server) that is restricted already, and owns nothing but its standard streams. The
//! last restrictions come before the first byte is read, and whatever reading then does, it is done with them.

use std::{
    collections::VecDeque,
    io::{self, Read as _, Write as _},
    panic::{self, AssertUnwindSafe},
    process,
};

use rlimit::Resource;

#[cfg(debug_assertions)]
use super::probe;
use super::{
    enforced::Enforced,
    fork_server::Terms,
    protocol::{Answer, FileHead, Task},
    restrict, syscalls,
};
use crate::{
    core::{
        file::{Format, Outcome, Reading},
        mail::{
            identity,
            message::{self, Disposition, Part},
        },
    },
    extract,
};

/// How many files of a message are looked at.
pub(super) const MOST_FILES: usize = 200;
/// How deep containers may lie in each other.
const MOST_DEPTH: usize = 16;
/// Characters of text that a message may yield in all.
const MOST_TEXT: usize = 20_000_000;

/// Runs the child on these terms.
///
/// # Errors
/// The parent is gone, the restrictions cannot be made, or the kernel does not do enough.
pub(super) fn run(terms: Terms) -> io::Result<()> {
    let Terms { cpu_per_file, weaker, files } = terms;
    restrict::descriptors()?;
    panic::set_hook(Box::new(|_| {}));
    let enforced = Enforced { files, calls: syscalls::restrict_reader() };
    answer(&Answer::Ready(enforced))?;
    if !weaker && !enforced.is_whole() {
        return Err(io::Error::other("the kernel does not do enough"));
    }
    let (task, bytes) = task()?;
    let child = Child { task, cpu_per_file, n: 0, text_left: MOST_TEXT };
    panic::catch_unwind(AssertUnwindSafe(|| child.work(&bytes)))
        .unwrap_or_else(|_| Err(io::Error::other("the message broke its reader")))
}

fn task() -> io::Result<(Task, Vec<u8>)> {
    let mut all = Vec::new();
    io::stdin().lock().read_to_end(&mut all)?;
    let end = all.iter().position(|&byte| byte == b'\n').ok_or_else(|| io::Error::other("no task"))?;
    let task = serde_json::from_slice(&all[..end])?;
    all.drain(..=end);
    Ok((task, all))
}

fn answer(line: &Answer) -> io::Result<()> {
    // In one piece: by itself, the standard output passes it on by the kilobyte.
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

fn hand_over(bytes: &[u8]) -> io::Result<()> {
    answer(&Answer::Contents(bytes.len()))?;
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

struct Child {
    task: Task,
    cpu_per_file: u64,
    n: usize,
    text_left: usize,
}

impl Child {
    fn work(mut self, bytes: &[u8]) -> io::Result<()> {
        let parts = match &self.task.document {
            Some(name) => vec![document(name, bytes)],
            None => match message::parse(bytes) {
                Ok(parsed) => {
                    if !self.task.contents {
                        answer(&Answer::Message(Box::new(parsed.message)))?;
                    }
                    parsed.parts
                }
                Err(reason) => return answer(&Answer::NotAMessage(reason.to_string())),
            },
        };
        let mut queue: VecDeque<(usize, Part)> = parts.into_iter().map(|part| (0, part)).collect();
        while let Some((depth, part)) = queue.pop_front() {
            if self.n == MOST_FILES {
                break;
            }
            if self.task.contents && self.n == self.task.done {
                return hand_over(&part.bytes);
            }
            let inner = self.file(&part)?;
            if depth < MOST_DEPTH {
                for (i, inner) in inner.into_iter().enumerate().rev() {
                    let path = format!("{}.{}", part.path, i + 1);
                    queue.push_front((depth + 1, Part { path, ..inner }));
                }
            }
        }
        answer(&Answer::End)?;
        // The kernel takes back all memory at once.
        process::exit(0)
    }

    /// Reads one file, and yields the files within it.
    fn file(&mut self, part: &Part) -> io::Result<Vec<Part>> {
        let n = self.n;
        self.n += 1;
        let name = part.name.as_deref();
        let format = panic::catch_unwind(AssertUnwindSafe(|| extract::sniff(&part.bytes, name, &part.media_type)))
            .unwrap_or(Format::Unknown);
        let poison = self.task.poison.contains(&n);
        let open = format.is_container() && !poison && !self.task.list_only;
        if n < self.task.done {
            return Ok(if open { inside(format, part).unwrap_or_default() } else { Vec::new() });
        }
        answer(&Answer::Begins(FileHead {
            path: part.path.clone(),
            name: part.name.clone(),
            media_type: part.media_type.clone(),
            size: part.bytes.len() as u64,
            sha256: hex::encode(identity::evidence(&part.bytes)),
            format,
            inline: part.disposition == Disposition::Inline || part.content_id.is_some(),
        }))?;
        let cpu = self.cpu_per_file * (n as u64 + 1 - self.task.done as u64);
        Resource::CPU.set(cpu, rlimit::INFINITY)?;
        let (reading, inner) = if self.task.list_only {
            let detail = "The time for this message was up before this file was reached; a person must open it.";
            (Reading::without_text(Outcome::NotRead, detail), Vec::new())
        } else if open {
            match inside(format, part) {
                Ok(inner) => (container(inner.len()), inner),
                Err(reason) => (Reading::without_text(Outcome::Damaged, reason), Vec::new()),
            }
        } else {
            (self.read(format, &part.bytes), Vec::new())
        };
        answer(&Answer::Reading(Box::new(reading)))?;
        Ok(inner)
    }

    fn read(&mut self, format: Format, bytes: &[u8]) -> Reading {
        #[cfg(debug_assertions)]
        if self.task.supplied.is_none()
            && let Some(act) = probe::asked(bytes)
        {
            if let Some(then) = act.strip_prefix("in-hand ") {
                self.in_hand(probe::act("none"));
                return probe::act(then);
            }
            return probe::act(act);
        }
        let limits = extract::Limits::default();
        let supplied = self.task.supplied.take();
        let read = || match supplied {
            Some(supplied) => extract::read_supplied(format, bytes, &limits, supplied),
            None => extract::read_with(format, bytes, &limits, |reading| self.in_hand(reading)),
        };
        let mut reading = panic::catch_unwind(AssertUnwindSafe(read))
            .unwrap_or_else(|_| Reading::without_text(Outcome::Damaged, BROKE));
        if reading.text.len() > self.text_left {
            let detail = "The files of this message hold more text than is read from one message.";
            reading = Reading::without_text(Outcome::TooLarge, detail);
        }
        self.text_left -= reading.text.len();
        reading
    }

    /// Says what is known of a file so far.
    fn in_hand(&self, reading: Reading) {
        if reading.text.len() <= self.text_left {
            // A parent that does not listen any more needs no answer.
            drop(answer(&Answer::InHand(Box::new(reading))));
        }
    }
}

/// What is said of a file on which its reader broke.
pub(super) const BROKE: &str =
    "This file broke its reader or took more memory than allowed; it is kept as it came, and a person must open it.";

fn document(name: &str, bytes: &[u8]) -> Part {
    Part {
        path: "1".to_owned(),
        name: Some(name.to_owned()),
        media_type: "application/octet-stream".to_owned(),
        disposition: Disposition::Attachment,
        content_id: None,
        bytes: bytes.to_owned(),
    }
}

fn container(files: usize) -> Reading {
    let detail = match files {
        0 => "Holds no files of its own.".to_owned(),
        1 => "Holds 1 file, listed after it.".to_owned(),
        n => format!("Holds {n} files, listed after it."),
    };
    Reading::without_text(Outcome::NoText, detail)
}

/// The files inside a container; a message that came as a file is parsed for them, and one of the MIME tree has them
/// listed after it already.
fn inside(format: Format, part: &Part) -> Result<Vec<Part>, String> {
    let opened = panic::catch_unwind(AssertUnwindSafe(|| match format {
        Format::Message if part.media_type == "message/rfc822" => Ok(Vec::new()),
        Format::Message => message::parse(&part.bytes).map(|parsed| parsed.parts).map_err(|reason| reason.to_string()),
        _ => extract::open(format, &part.bytes, &extract::Limits::default())
            .map(|files| files.into_iter().map(loose).collect()),
    }));
    opened.unwrap_or_else(|_| Err(BROKE.to_owned()))
}

fn loose(inner: extract::Inner) -> Part {
    Part {
        name: inner.name,
        media_type: inner.media_type,
        bytes: inner.bytes,
        disposition: Disposition::Attachment,
        ..Part::default()
    }
}
