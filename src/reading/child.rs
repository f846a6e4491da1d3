//! The child's reading: one message or document, answered line by line.
//!
//! Runs behind all restrictions, and does whatever it does with them. A panic costs the file at hand and no other.

use std::{
    collections::VecDeque,
    io,
    panic::{self, AssertUnwindSafe},
    process,
};

#[cfg(debug_assertions)]
use super::probe;
use super::protocol::{Line, MOST_FILES, Task};
use crate::{
    core::{
        file::{File, Format, Outcome, Reading},
        mail::{
            identity,
            message::{self, Disposition, Part},
        },
    },
    extract,
    sandbox::Parent,
};

/// How deep containers may lie in each other.
const MOST_DEPTH: usize = 16;
/// Characters of text that a message may yield in all.
const MOST_TEXT: usize = 20_000_000;

/// Reads the one message of this child, and ends the process where it came to the end of it.
///
/// # Errors
/// The parent is gone, or speaks another protocol.
pub fn read_one(parent: &Parent) -> io::Result<()> {
    let (task, bytes) = parent.task()?;
    AtWork { parent, task, n: 0, text_left: MOST_TEXT }.work(&bytes)
}

/// What is being read, and how far.
struct AtWork<'p> {
    parent: &'p Parent,
    task: Task,
    n: usize,
    text_left: usize,
}

impl AtWork<'_> {
    fn work(mut self, bytes: &[u8]) -> io::Result<()> {
        let parts = match &self.task.document {
            Some(name) => vec![document(name, bytes)],
            None => match message::parse(bytes) {
                Ok(parsed) => {
                    if !self.task.contents {
                        self.parent.say(&Line::Message(Box::new(parsed.message)))?;
                    }
                    parsed.parts
                }
                Err(reason) => return self.parent.say(&Line::NotAMessage(reason.to_string())),
            },
        };
        let mut queue: VecDeque<(usize, Part)> = parts.into_iter().map(|part| (0, part)).collect();
        while let Some((depth, part)) = queue.pop_front() {
            if self.n == MOST_FILES {
                break;
            }
            if self.task.contents && self.n == self.task.done {
                return self.hand_over(&part.bytes);
            }
            for (i, inner) in self.file(&part, depth)?.into_iter().enumerate().rev() {
                let path = format!("{}.{}", part.path, i + 1);
                queue.push_front((depth + 1, Part { path, ..inner }));
            }
        }
        self.parent.say(&Line::End)?;
        // The kernel takes back all memory at once.
        process::exit(0)
    }

    fn hand_over(&self, bytes: &[u8]) -> io::Result<()> {
        self.parent.say(&Line::Contents(bytes.len()))?;
        self.parent.hand_over(bytes)
    }

    /// Reads one file that lies so deep, and yields the files within it.
    fn file(&mut self, part: &Part, depth: usize) -> io::Result<Vec<Part>> {
        let n = self.n;
        self.n += 1;
        let name = part.name.as_deref();
        let format = panic::catch_unwind(AssertUnwindSafe(|| extract::sniff(&part.bytes, name, &part.media_type)))
            .unwrap_or(Format::Unknown);
        let poison = self.task.poison.contains(&n);
        let open = format.is_container() && !poison && !self.task.list_only;
        if n < self.task.done {
            return Ok(if open {
                inside(format, part).map(|(files, _)| files).unwrap_or_default()
            } else {
                Vec::new()
            });
        }
        self.parent.say(&Line::Begins(Box::new(File {
            path: part.path.clone(),
            name: part.name.clone(),
            media_type: part.media_type.clone(),
            size: part.bytes.len() as u64,
            sha256: hex::encode(identity::evidence(&part.bytes)),
            format,
            inline: part.disposition == Disposition::Inline || part.content_id.is_some(),
            reading: Reading::without_text(Outcome::NotRead, "It is about to be read."),
        })))?;
        self.parent.goes_on(n - self.task.done)?;
        let (reading, inner) = if self.task.list_only {
            let detail = "The time for this message was up before this file was reached; a person must open it.";
            (Reading::without_text(Outcome::NotRead, detail), Vec::new())
        } else if open {
            match inside(format, part) {
                Ok((inner, _)) if depth == MOST_DEPTH && !inner.is_empty() => {
                    let detail = format!(
                        "It lies in {MOST_DEPTH} others, and what it holds is too deep to be listed: a person must open it."
                    );
                    (Reading::without_text(Outcome::NotRead, detail), Vec::new())
                }
                Ok((inner, rest)) => (container(inner.len(), rest), inner),
                Err(reason) => (Reading::without_text(Outcome::Damaged, reason), Vec::new()),
            }
        } else {
            (self.read(format, &part.bytes), Vec::new())
        };
        self.parent.say(&Line::Reading(Box::new(reading)))?;
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
            drop(self.parent.say(&Line::InHand(Box::new(reading))));
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

/// What is said of a container; one that holds more than could be listed is a person's to open.
fn container(files: usize, rest: Option<String>) -> Reading {
    let listed = match files {
        0 => "Holds no files of its own.".to_owned(),
        1 => "Holds 1 file, listed after it.".to_owned(),
        n => format!("Holds {n} files, listed after it."),
    };
    match rest {
        None => Reading::without_text(Outcome::NoText, listed),
        Some(rest) if files == 0 => Reading::without_text(Outcome::NotRead, rest),
        Some(rest) => Reading::without_text(Outcome::NotRead, format!("{listed} {rest}")),
    }
}

/// The files inside a container, and what else is in it; a message that came as a file is parsed for them, and one of the MIME tree has them
/// listed after it already.
fn inside(format: Format, part: &Part) -> Result<(Vec<Part>, Option<String>), String> {
    let opened = panic::catch_unwind(AssertUnwindSafe(|| match format {
        Format::Message if part.media_type == "message/rfc822" => Ok((Vec::new(), None)),
        Format::Message => {
            message::parse(&part.bytes).map(|parsed| (parsed.parts, None)).map_err(|reason| reason.to_string())
        }
        _ => extract::open(format, &part.bytes, &extract::Limits::default())
            .map(|opened| (opened.files.into_iter().map(loose).collect(), opened.rest)),
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
